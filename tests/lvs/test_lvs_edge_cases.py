"""Every row of the table of edge cases that names EDEXML, UWLR or pupil lists: one test per row, named after it."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from dms.db.tables import (
    CarerRow,
    DossierRow,
    GroupPlacementRow,
    GroupRow,
    PupilCarerRow,
    PupilIdentifierRow,
    PupilRow,
)
from dms.kernel.ids import new_id
from dms.model.pupil_files import ChoiceKind
from dms.services.tools import digest_scope
from ingest.rules.pupils.choices import Choice
from ingest.rules.pupils.entitled import AgeLimits, CarerFacts, Share, entitled
from ingest.rules.pupils.identifiers import number_digest
from tests.lvs.files import Desk, edex, leerling, outcomes, warned, worksheet
from tests.pupils.conftest import Office

Listed = Callable[..., str]
HEADING = "leerlingnummer;roepnaam;voorvoegsel;achternaam;geboortedatum;bsn;groep;inschrijfdatum;uitschrijfdatum"
ECK_PO = "https://ketenid.nl/201703/" + "a" * 128
ECK_VO = "https://ketenid.nl/201703/" + "b" * 128


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        "Stamnummer;Roepnaam;Achternaam\r\n1;Zoë;Gümüz\r\n".encode("cp1252"),
        "\ufeffStamnummer;Roepnaam;Achternaam\r\n1;Zoë;Gümüz\r\n".encode(),
        unicodedata.normalize("NFD", "Stamnummer;Roepnaam;Achternaam\r\n1;Zoë;Gümüz\r\n").encode(),
        worksheet(("Stamnummer", "Roepnaam", "Achternaam"), (1, "Zoe\u0308", "Gümüz")),
    ],
)
def test_cp1252_bom_and_nfd(office: Office, data: bytes) -> None:
    """Correct name, NFC; header not `\\ufeffStamnummer`."""
    report = office.run(data)
    assert report.unknown_columns == ()
    (pupil,) = office.rows(PupilRow)
    assert (pupil.number, pupil.given_name, pupil.surname) == ("1", "Zoë", "Gümüz")


def test_semicolon_in_quotes_newline_in_a_cell_trailing_empty_rows_title_above(desk: Desk) -> None:
    """Correct rows; header row chosen in the preview."""
    content = 'Leerlingenlijst;;\n\nleerlingnummer;roepnaam;achternaam\n1;"Jan; Jantje";"Smit\nJansen"\n;;\n\n;;\n'
    import_id = desk.put(content)
    look = desk.imports.look(desk.by, import_id)
    assert look.header_row == 3
    assert [x[0] for x in look.first_rows] == [1, 3, 4]
    desk.imports.read(desk.by, import_id)
    desk.imports.apply(desk.by, import_id)
    (pupil,) = desk.office.rows(PupilRow)
    assert (pupil.given_name, pupil.surname) == ("Jan; Jantje", "Smit Jansen")


@pytest.mark.slow
@pytest.mark.parametrize(
    "prefix, surname, expected",
    [
        ("v. d.", "Berg", ("v. d.", "Berg")),
        ("van 't", "Hof", ("van 't", "Hof")),
        ("Da", "Silva", ("Da", "Silva")),
        ("van den en van der", "Berg", ("van den en van der", "Berg")),
        ("", "van der Berg", ("van der", "Berg")),
    ],
)
def test_prefixes(office: Office, prefix: str, surname: str, expected: tuple[str, str]) -> None:
    """Found with and without prefix; sorted on the core. In XML and in a list."""
    report = office.run(edex(leerling("K1", achternaam=surname, voorvoegsel=prefix, roepnaam="Jan")))
    assert outcomes(report) == [("new", "")]
    (pupil,) = office.rows(PupilRow)
    assert (pupil.prefix, pupil.surname) == expected
    assert pupil.sort_name.startswith(expected[1].casefold())
    if len(prefix) > 10:
        assert "xml_value" in {x.code for x in report.notes}


def test_prefix_in_one_cell(office: Office) -> None:
    """`Berg, van der, Jan` and `Aartsen, Dae`."""
    office.run('Stamnummer,Naam,Klas\n1,"Berg, van der, Jan",groep 7\n2,"Aartsen, Dae",groep 7\n')
    found = sorted((x.given_name, x.prefix, x.surname, x.sort_name) for x in office.rows(PupilRow))
    assert found == [("Dae", "", "Aartsen", "aartsen dae"), ("Jan", "van der", "Berg", "berg jan van der")]


def test_hyphenated_names_and_a_single_name(office: Office, listed: Listed) -> None:
    """Accepted."""
    office.run(edex(leerling("K1", achternaam="Smit-Bakker", roepnaam="Anne-Lot"), leerling("K2", roepnaam="Suparti")))
    report = office.run(listed(HEADING, "9;Jan-Willem;;Oude-Luttikhuis;;;;;", "10;;;Nur;;;;;"))
    assert outcomes(report) == [("new", ""), ("new", "")]
    assert {x.surname for x in office.rows(PupilRow)} == {"Smit-Bakker", "", "Oude-Luttikhuis", "Nur"}


def test_twins(office: Office, listed: Listed) -> None:
    """Two dossiers, also with the same initial; roepnaam or number decides."""
    twins = [
        leerling(
            f"K{i}", achternaam="Mol", voorletters_1="S", roepnaam=name, geboortedatum="2015-05-05", postcodenl="3998AB"
        )
        for i, name in enumerate(("Sem", "Saar"), start=1)
    ]
    assert outcomes(office.run(edex(*twins))) == [("new", ""), ("new", "")]
    assert office.run(edex(*twins)).counts["unchanged"] == 2
    assert len(office.rows(DossierRow)) == 2
    unsure = office.run(listed(HEADING, "77;Saar;;Mol;05-05-2015;;;;"))
    assert outcomes(unsure) == [("conflict", "looks_known")]
    assert [x.name for x in unsure.rows[0].offers if x.kind is ChoiceKind.LINK] == ["Saar Mol"]


def test_duplicate_number_in_one_file(office: Office, listed: Listed) -> None:
    """The same person → several placements; different people → both rows blocked."""
    report = office.run(
        listed(
            HEADING,
            "1;Sem;;Berg;03-01-2015;;groep 7;01-08-2025;",
            "1;Sem;;Berg;03-01-2015;;plusklas;01-08-2025;",
            "2;Elif;;Gümüş;04-05-2014;;groep 7;;",
            "2;Zofia;;Nowak;06-07-2014;;groep 7;;",
        )
    )
    assert outcomes(report) == [
        ("new", ""),
        ("unchanged", ""),
        ("conflict", "number_twice"),
        ("conflict", "number_twice"),
    ]
    names = {x.id: x.name for x in office.rows(GroupRow)}
    assert {names[x.group_id] for x in office.rows(GroupPlacementRow)} == {"groep 7", "plusklas"}


def test_same_number_at_two_schools_and_reused_years_later(office: Office, listed: Listed) -> None:
    """Number unique per school + enrolment; birth-date mismatch → conflict, and a person can make it a new pupil."""
    other = office.another("99ZZ")
    office.run(listed(HEADING, "1307;Sem;;Berg;03-01-2005;;groep 8;01-08-2009;31-07-2017"))
    assert outcomes(other.run(listed(HEADING, "1307;Elif;;Gümüş;04-05-2014;;;;"))) == [("new", "")]
    desk = Desk(office)
    view = desk.preview(listed(HEADING, "1307;Zofia;;Nowak;06-07-2019;;groep 1;01-08-2023;"))
    assert desk.rows(view) == [("conflict", "other_person")]
    view = desk.imports.choose(desk.by, view.id, {2: Choice(ChoiceKind.NEW)})
    assert desk.rows(view) == [("new", "")]
    desk.imports.apply(desk.by, view.id)
    here = [x for x in office.rows(PupilRow) if x.school_id == office.school.id]
    assert sorted((x.given_name, x.number, x.number_key.partition("~")[0]) for x in here) == [
        ("Sem", "1307", "1307"),
        ("Zofia", "1307", "1307"),
    ]
    again = office.run(listed(HEADING, "1307;Zofia;;Nowak;06-07-2019;;groep 1;01-08-2023;"))
    assert outcomes(again) == [("unchanged", "")]


def test_leading_zeros(office: Office, listed: Listed) -> None:
    """`001234` and `1234` are one pupil, the original kept."""
    office.run(listed(HEADING, "001234;Sem;;Berg;03-01-2015;;;;"))
    report = office.run(worksheet(HEADING.split(";"), (1234, "Sem", "", "Berg", date(2015, 1, 3), "", "", "", "")))
    assert outcomes(report) == [("unchanged", "")]
    assert [x.number for x in office.rows(PupilRow)] == ["001234"]


def test_bsn_of_eight_digits_exponent_check_and_swapped(office: Office, listed: Listed) -> None:
    """Padded / row error / warning / recognised."""
    heading = "leerlingnummer;roepnaam;achternaam;bsn;onderwijsnummer"
    padded = office.run(worksheet(heading.split(";"), (1, "Sem", "Berg", 10000008, None)))
    assert outcomes(padded) == [("new", "")]
    assert outcomes(office.run(listed(heading, "1;Sem;Berg;010000008;"))) == [("unchanged", "")]
    report = office.run(
        listed(heading, "2;Elif;Gümüş;1.23E+08;", "3;Zofia;Nowak;123456789;", "4;Tess;Bakker;101222331;111222333")
    )
    assert outcomes(report) == [("error", "bsn_wrong"), ("new", ""), ("new", "")]
    assert [{y.code for y in x.warnings} for x in report.rows[1:]] == [{"bsn_check"}, {"bsn_swapped"}]
    tess = next(x for x in office.rows(PupilRow) if x.given_name == "Tess")
    key = office.tools.vault.keys.digest_key(digest_scope("99XX"))
    assert tess.bsn_digest == number_digest(key, "111222333")


def test_onderwijsnummer_becomes_bsn_and_eckid_po_becomes_vo(office: Office) -> None:
    """The same pupil, history kept. In XML by key."""
    first = leerling("K1", eckid=ECK_PO, achternaam="Berg", roepnaam="Sem", onderwijsnummer="101222331")
    then = leerling("K1", eckid=ECK_VO, achternaam="Berg", roepnaam="Sem", bsn="111222333")
    office.run(edex(first))
    report = office.run(edex(then))
    assert {x.field for x in report.rows[0].changes} == {"bsn", "eckid"}
    (pupil,) = office.rows(PupilRow)
    assert pupil.education_number_sealed is not None
    assert pupil.bsn_sealed is not None
    former = [x for x in office.rows(PupilIdentifierRow) if x.until is not None]
    assert [(x.kind, x.until) for x in former] == [("eckid", office.clock.day)]
    assert office.run(edex(then)).counts["unchanged"] == 1


@pytest.mark.parametrize(
    "text, partial", [("00-00-2015", "2015"), ("2015-03-00", "2015-03"), ("01-02-2015?", "2015-02-01?")]
)
def test_unknown_birth_date(office: Office, listed: Listed, text: str, partial: str) -> None:
    """Stored as partial; not used for matching; no invented age for the 16-check."""
    office.run(edex(leerling("K1", achternaam="Berg", roepnaam="Sem", geboortedatum=text)))
    (pupil,) = office.rows(PupilRow)
    assert (pupil.birth_date, pupil.birth_date_partial) == (None, partial)
    other = office.run(listed(HEADING, f"5;Sem;;Berg;{text};;;;"))
    assert outcomes(other) == [("new", "")]
    shares = entitled(None, "2010", (CarerFacts(new_id(), authority=True),), date(2026, 3, 10), AgeLimits())
    assert shares[0].share is Share.UNKNOWN
    assert shares[-1].share is Share.UNKNOWN


@pytest.mark.slow
@pytest.mark.parametrize(
    "text, expected",
    [
        ("3-4-15", date(2015, 4, 3)),
        ("29-02-2016", date(2016, 2, 29)),
        ("42461", date(2016, 4, 1)),
        ("03-04-2015", date(2015, 4, 3)),
        ("20150403", date(2015, 4, 3)),
        ("29-02-2015", None),
        ("31-04-2015", None),
    ],
)
def test_dates(office: Office, listed: Listed, text: str, expected: date | None) -> None:
    """Dutch order; an impossible date → row error."""
    report = office.run(listed(HEADING, f"1;Sem;;Berg;{text};;;;"))
    assert outcomes(report) == [("new", "") if expected else ("error", "date_wrong")]
    assert [x.birth_date for x in office.rows(PupilRow)] == ([expected] if expected else [])


def test_authority_deceased_guardian_and_one_address_for_two(office: Office, listed: Listed) -> None:
    """No access / excluded / access / separate people, flagged."""
    heading = (
        "leerlingnummer;roepnaam;achternaam;geboortedatum;verzorger1_naam;verzorger1_email;verzorger1_relatie;"
        "verzorger1_gezag;verzorger2_naam;verzorger2_email;verzorger2_relatie;verzorger2_gezag"
    )
    report = office.run(
        listed(
            heading,
            "1;Joris;Hazelhoff;03-01-2015;Hanna Kuipers;t@post.example;moeder;ja;Ivo Hazelhoff;T@post.example;vader;ja",
        )
    )
    assert "email_shared" in warned(report)
    assert len(office.rows(CarerRow)) == 2
    assert len({x.carer_id for x in office.rows(PupilCarerRow)}) == 2
    without, dead, guardian = (new_id() for _ in range(3))
    shares = entitled(
        date(2015, 1, 3),
        "",
        (
            CarerFacts(without, authority=False),
            CarerFacts(dead, authority=True, deceased=True),
            CarerFacts(guardian, authority=True, relation="voogd"),
        ),
        date(2026, 3, 10),
        AgeLimits(),
    )
    found = {x.carer_id: x.share for x in shares}
    assert (found[without], found[dead], found[guardian]) == (Share.NOTHING, Share.NOTHING, Share.ALL)
