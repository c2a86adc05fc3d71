"""Which door every route for outsiders stands behind, written by hand: the test's own opinion."""

from dms.portal.guard import Door

OPEN: dict[tuple[str, str], Door] = {
    ("assets.file", "GET"): Door.OPEN,
}
DOORS: dict[tuple[str, str], Door] = {**OPEN}
