"""What a page must hold to beyond its syntax: ids once, references that lead somewhere, names on fields, one h1."""

from collections import Counter
from html.parser import HTMLParser

REFERENCES = ("for", "aria-labelledby", "aria-describedby", "popovertarget", "form")
NAMED = {"input", "select", "textarea"}
UNNAMED_TYPES = {"hidden", "submit", "button"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.references: list[tuple[str, str, str]] = []
        self.headings: list[int] = []
        self.labels: set[str] = set()
        self.fields: list[tuple[str, dict[str, str | None], bool]] = []
        self.aside = 0
        self.in_label = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what refers and what is referred to; what stands in a template is no part of the page."""
        given = dict(attrs)
        self.aside += tag in {"template", "dialog"}
        self.in_label += tag == "label"
        if given.get("id"):
            self.ids[str(given["id"])] += 1
        for name in REFERENCES:
            self.references += [(tag, name, x) for x in (given.get(name) or "").split()]
        if (address := given.get("href") or "").startswith("#"):
            self.references.append((tag, "href", address[1:]))
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        if len(tag) == len("h1") and tag[0] == "h" and tag[1].isdigit() and not self.aside:
            self.headings.append(int(tag[1]))
        if tag in NAMED and given.get("type") not in UNNAMED_TYPES:
            self.fields.append((tag, given, self.in_label > 0))

    def handle_endtag(self, tag: str) -> None:
        """Come out of a template or label."""
        self.aside -= tag in {"template", "dialog"}
        self.in_label -= tag == "label"


def faults(html: str) -> list[str]:
    """Everything that is wrong with one page, in words."""
    page = _Reader()
    page.feed(html)
    wrong = [f"id {x} stands there {n} times" for x, n in page.ids.items() if n > 1]
    wrong += [f"{tag} {name}={x} leads nowhere" for tag, name, x in page.references if x not in page.ids]
    if page.headings.count(1) != 1:
        wrong.append(f"{page.headings.count(1)} headings of the first level")
    steps = zip([0, *page.headings], page.headings, strict=False)
    wrong += [f"a heading of level {b} after one of level {a}" for a, b in steps if b > a + 1]
    for tag, given, inside in page.fields:
        if not inside and not given.get("aria-label") and given.get("id") not in page.labels:
            wrong.append(f"{tag} {given.get('name')} has no label")
    return wrong
