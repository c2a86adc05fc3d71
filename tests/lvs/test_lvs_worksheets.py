"""How much of a worksheet is read: as wide as its first rows with text, wherever these begin."""

from ingest.sources.worksheet import worksheet_of
from tests.lvs.files import worksheet

HEAD = ("leerlingnummer", "roepnaam", "achternaam", "geboortedatum")


def test_a_narrow_title_or_empty_rows_above_cut_no_column_off() -> None:
    """The widest of the first rows counts, not the first one; rows without text are not counted."""
    for above in ([("Leerlingenlijst",)], [()] * 40, [("Leerlingenlijst",), *[()] * 30]):
        sheet = worksheet_of(worksheet(*above, HEAD, *((str(x), "Sem", "Smit", "2015-01-03") for x in range(60))))
        assert sheet.rows[-1][1] == ("59", "Sem", "Smit", "2015-01-03")
        assert HEAD in [cells for _, cells in sheet.rows]
        assert sheet.rows[-1][0] == len(above) + 61


def test_cells_far_to_the_right_of_all_headings_are_left_alone() -> None:
    """One stray cell far down does not make every row as wide as itself."""
    stray = ["99", "Sem", "Smit", "2015-01-03", *[""] * 200, "los"]
    sheet = worksheet_of(worksheet(HEAD, *(("1", "Sem", "Smit", "2015-01-03") for _ in range(40)), stray))
    assert {len(cells) for _, cells in sheet.rows} == {4}
    assert sheet.rows[-1][1] == ("99", "Sem", "Smit", "2015-01-03")
