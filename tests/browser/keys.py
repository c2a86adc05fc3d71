"""Going over a page by keyboard alone."""

from playwright.sync_api import FilePayload, Page, TimeoutError

STOPS = 60


def tab_to(page: Page, selector: str) -> int:
    """Go on with Tab until the focus is on what `selector` finds; each stop on the way shows that it has the focus, and
    nothing lies over it."""
    page.emulate_media(reduced_motion="reduce")  # what is looked at has stopped moving
    for nth in range(1, STOPS + 1):
        page.keyboard.press("Tab")
        at = page.evaluate(
            """(selector) => {
                const here = document.activeElement;
                const style = getComputedStyle(here);
                const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                const what = here.outerHTML.slice(0, 120);
                const box = here.getBoundingClientRect();
                const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
                const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
                const above = document.elementFromPoint(x, y);
                const seen = above !== null && (here.contains(above) || above.contains(here) || above.closest("label"));
                const cover = above === null ? "the edge of the screen" : above.outerHTML.slice(0, 120);
                return {
                    here: here.matches(selector), shown: shown || here === document.body, seen: !!seen, what, cover,
                };
            }""",
            selector,
        )
        assert at["shown"], f"the focus is not seen on {at['what']}"
        assert at["seen"], f"{at['cover']} lies over {at['what']}"
        if at["here"]:
            return nth
    raise AssertionError(f"the keyboard does not come to {selector}")


def choose_with_keys(page: Page, field: str, *files: FilePayload) -> None:
    """Choose files in a field with Tab and Enter, as somebody does who presses again when nothing seems to happen."""
    tab_to(page, field)
    for patience in (5_000, 5_000, 30_000):
        try:
            with page.expect_file_chooser(timeout=patience) as chooser:
                page.keyboard.press("Enter")
        except TimeoutError:
            continue
        chooser.value.set_files(list(files))
        return
    raise AssertionError("no files can be chosen with the keyboard")
