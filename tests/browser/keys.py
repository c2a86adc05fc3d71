"""Going over a page by keyboard alone."""

from playwright.sync_api import Page

STOPS = 60


def tab_to(page: Page, selector: str) -> int:
    """Go on with Tab until the focus is on what `selector` finds; each stop on the way shows that it has the focus."""
    for nth in range(1, STOPS + 1):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """(selector) => {
                const here = document.activeElement;
                const style = getComputedStyle(here);
                const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                const what = here.outerHTML.slice(0, 120);
                return {here: here.matches(selector), shown: shown || here === document.body, what};
            }""",
            selector,
        )
        assert at["shown"], f"the focus is not seen on {at['what']}"
        if at["here"]:
            return nth
    raise AssertionError(f"the keyboard does not come to {selector}")
