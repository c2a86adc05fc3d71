"""The pages for outsiders wear the colours of the staff's screens: two sheets, one choice."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "dms"
STAFF = (ROOT / "web" / "static" / "css" / "tokens.css").read_text()
OUTSIDE = (ROOT / "portal" / "static" / "portal.css").read_text()
COLOUR = re.compile(r"(--[a-z-]+): (#[0-9a-f]{3,8});")


def colours(sheet: str, start: str) -> dict[str, str]:
    """The colours of the first rule for the root after `start`."""
    rule = sheet[sheet.index(":root", sheet.index(start)) :]
    return dict(COLOUR.findall(rule[: rule.index("}")]))


@pytest.mark.parametrize(
    "start",
    [
        ":root",
        "@media (prefers-color-scheme: dark)",
        "@media (prefers-contrast: more) {",
        "@media (prefers-contrast: more) and (prefers-color-scheme: dark)",
    ],
)
def test_colours_agree_with_those_of_the_staff(start: str) -> None:
    outside, staff = colours(OUTSIDE, start), colours(STAFF, start)
    assert len(outside) >= 10
    assert outside == {name: staff.get(name) for name in outside}
