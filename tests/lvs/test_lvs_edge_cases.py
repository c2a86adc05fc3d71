"""Every row of the table of edge cases that names EDEXML, UWLR or pupil lists: one test per row, named after it."""

import unicodedata
from collections.abc import Callable
from datetime import date

import pytest

from dms.db.tables import (
    CarerRow,
    DestroyedPupilRow,
    DossierRow,
    EnrolmentRow,
    FormerNameRow,
    GroupPlacementRow,
    GroupRow,
    PupilCarerRow,
    PupilIdentifierRow,
    PupilRow,
)
from dms.kernel.errors import Conflict
from dms.kernel.ids import new_id
from dms.model.documents import DossierState
from dms.model.events import EventKind
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


def sem(**more: str) -> str:
    """A pupil of groep 7."""
    fields = {
        "achternaam": "Berg",
        "voorvoegsel": "van der",
        "roepnaam": "Sem",
        "geboortedatum": "2015-01-03",
        "geslacht": "1",
        "instroomdatum": "2019-08-01",
        **more,
    }
    return leerling("K1", **fields)


def kinds(office: Office) -> list[EventKind]:
    """Kinds of the log's lines, oldest first."""
    from dms.db.tables import AuditEventRow

    return [x.kind for x in sorted(office.rows(AuditEventRow), key=lambda x: x.id)]


@pytest.mark.parametrize(
    "data",
    [
        "Stamnummer;Roepnaam;Achternaam\r\n1;Zoë;Gümüz\r\n".encode("cp1252"),
        "\ufeffStamnummer;Roepnaam;Achternaam\r\n1;Zoë;Gümüz\r\n".encode(),
        unicodedata.normalize("NFD", "Stamnummer;Roepnaam;Achternaam\r\n1;Zoë;Gümüz\r\n").encode(),
        worksheet(("Stamnummer", "Roepnaam", "Achternaam"), (1, "Zoe\u0308", "Gümüz")),
    ],
)
def test_cp1252_bom_and_nfd(sqlite_office: Office, data: bytes) -> None:
    """Correct name, NFC; header not `\\ufeffStamnummer`."""
    report = sqlite_office.run(data)
    assert report.unknown_columns == ()
    (pupil,) = sqlite_office.rows(PupilRow)
    assert (pupil.number, pupil.given_name, pupil.surname) == ("1", "Zoë", "Gümüz")


def test_semicolon_in_quotes_newline_in_a_cell_trailing_empty_rows_title_above(sqlite_desk: Desk) -> None:
    """Correct rows; header row chosen in the preview."""
    content = 'Leerlingenlijst;;\n\nleerlingnummer;roepnaam;achternaam\n1;"Jan; Jantje";"Smit\nJansen"\n;;\n\n;;\n'
    import_id = sqlite_desk.put(content)
    look = sqlite_desk.imports.look(sqlite_desk.by, import_id)
    assert look.header_row == 3
    assert [x[0] for x in look.first_rows] == [1, 3, 4]
    sqlite_desk.imports.read(sqlite_desk.by, import_id)
    sqlite_desk.imports.apply(sqlite_desk.by, import_id)
    (pupil,) = sqlite_desk.office.rows(PupilRow)
    assert (pupil.given_name, pupil.surname) == ("Jan; Jantje", "Smit Jansen")


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
def test_prefixes(sqlite_office: Office, prefix: str, surname: str, expected: tuple[str, str]) -> None:
    """Found with and without prefix; sorted on the core. In XML and in a list."""
    report = sqlite_office.run(edex(leerling("K1", achternaam=surname, voorvoegsel=prefix, roepnaam="Jan")))
    assert outcomes(report) == [("new", "")]
    (pupil,) = sqlite_office.rows(PupilRow)
    assert (pupil.prefix, pupil.surname) == expected
    assert pupil.sort_name.startswith(expected[1].casefold())
    if len(prefix) > 10:
        assert "xml_value" in {x.code for x in report.notes}


def test_prefix_in_one_cell(sqlite_office: Office) -> None:
    """`Berg, van der, Jan` and `Aartsen, Dae`."""
    sqlite_office.run('Stamnummer,Naam,Klas\n1,"Berg, van der, Jan",groep 7\n2,"Aartsen, Dae",groep 7\n')
    found = sorted((x.given_name, x.prefix, x.surname, x.sort_name) for x in sqlite_office.rows(PupilRow))
    assert found == [("Dae", "", "Aartsen", "aartsen dae"), ("Jan", "van der", "Berg", "berg jan van der")]


def test_hyphenated_names_and_a_single_name(sqlite_office: Office, listed: Listed) -> None:
    """Accepted."""
    sqlite_office.run(
        edex(leerling("K1", achternaam="Smit-Bakker", roepnaam="Anne-Lot"), leerling("K2", roepnaam="Suparti"))
    )
    report = sqlite_office.run(listed(HEADING, "9;Jan-Willem;;Oude-Luttikhuis;;;;;", "10;;;Nur;;;;;"))
    assert outcomes(report) == [("new", ""), ("new", "")]
    assert {x.surname for x in sqlite_office.rows(PupilRow)} == {"Smit-Bakker", "", "Oude-Luttikhuis", "Nur"}


def test_twins(sqlite_office: Office, listed: Listed) -> None:
    """Two dossiers, also with the same initial; roepnaam or number decides."""
    twins = [
        leerling(
            f"K{i}", achternaam="Mol", voorletters_1="S", roepnaam=name, geboortedatum="2015-05-05", postcodenl="3998AB"
        )
        for i, name in enumerate(("Sem", "Saar"), start=1)
    ]
    assert outcomes(sqlite_office.run(edex(*twins))) == [("new", ""), ("new", "")]
    assert sqlite_office.run(edex(*twins)).counts["unchanged"] == 2
    assert len(sqlite_office.rows(DossierRow)) == 2
    unsure = sqlite_office.run(listed(HEADING, "77;Saar;;Mol;05-05-2015;;;;"))
    assert outcomes(unsure) == [("conflict", "looks_known")]
    assert [x.name for x in unsure.rows[0].offers if x.kind is ChoiceKind.LINK] == ["Saar Mol"]


def test_duplicate_number_in_one_file(sqlite_office: Office, listed: Listed) -> None:
    """The same person → several placements; different people → both rows blocked."""
    report = sqlite_office.run(
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
    names = {x.id: x.name for x in sqlite_office.rows(GroupRow)}
    assert {names[x.group_id] for x in sqlite_office.rows(GroupPlacementRow)} == {"groep 7", "plusklas"}


def test_same_number_at_two_schools_and_reused_years_later(sqlite_office: Office, listed: Listed) -> None:
    """Number unique per school + enrolment; birth-date mismatch → conflict, and a person can make it a new pupil."""
    other = sqlite_office.another("99ZZ")
    sqlite_office.run(listed(HEADING, "1307;Sem;;Berg;03-01-2005;;groep 8;01-08-2009;31-07-2017"))
    assert outcomes(other.run(listed(HEADING, "1307;Elif;;Gümüş;04-05-2014;;;;"))) == [("new", "")]
    desk = Desk(sqlite_office)
    view = desk.preview(listed(HEADING, "1307;Zofia;;Nowak;06-07-2019;;groep 1;01-08-2023;"))
    assert desk.rows(view) == [("conflict", "other_person")]
    view = desk.imports.choose(desk.by, view.id, {2: Choice(ChoiceKind.NEW)})
    assert desk.rows(view) == [("new", "")]
    desk.imports.apply(desk.by, view.id)
    here = [x for x in sqlite_office.rows(PupilRow) if x.school_id == sqlite_office.school.id]
    assert sorted((x.given_name, x.number, x.number_key.partition("~")[0]) for x in here) == [
        ("Sem", "1307", "1307"),
        ("Zofia", "1307", "1307"),
    ]
    again = sqlite_office.run(listed(HEADING, "1307;Zofia;;Nowak;06-07-2019;;groep 1;01-08-2023;"))
    assert outcomes(again) == [("unchanged", "")]


def test_leading_zeros(sqlite_office: Office, listed: Listed) -> None:
    """`001234` and `1234` are one pupil, the original kept."""
    sqlite_office.run(listed(HEADING, "001234;Sem;;Berg;03-01-2015;;;;"))
    report = sqlite_office.run(
        worksheet(HEADING.split(";"), (1234, "Sem", "", "Berg", date(2015, 1, 3), "", "", "", ""))
    )
    assert outcomes(report) == [("unchanged", "")]
    assert [x.number for x in sqlite_office.rows(PupilRow)] == ["001234"]


def test_bsn_of_eight_digits_exponent_check_and_swapped(sqlite_office: Office, listed: Listed) -> None:
    """Padded / row error / warning / recognised."""
    heading = "leerlingnummer;roepnaam;achternaam;bsn;onderwijsnummer"
    padded = sqlite_office.run(worksheet(heading.split(";"), (1, "Sem", "Berg", 10000008, None)))
    assert outcomes(padded) == [("new", "")]
    assert outcomes(sqlite_office.run(listed(heading, "1;Sem;Berg;010000008;"))) == [("unchanged", "")]
    report = sqlite_office.run(
        listed(heading, "2;Elif;Gümüş;1.23E+08;", "3;Zofia;Nowak;123456789;", "4;Tess;Bakker;101222331;111222333")
    )
    assert outcomes(report) == [("error", "bsn_wrong"), ("new", ""), ("new", "")]
    assert [{y.code for y in x.warnings} for x in report.rows[1:]] == [{"bsn_check"}, {"bsn_swapped"}]
    tess = next(x for x in sqlite_office.rows(PupilRow) if x.given_name == "Tess")
    key = sqlite_office.tools.vault.keys.digest_key(digest_scope("99XX"))
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
def test_unknown_birth_date(sqlite_office: Office, listed: Listed, text: str, partial: str) -> None:
    """Stored as partial; not used for matching; no invented age for the 16-check."""
    sqlite_office.run(edex(leerling("K1", achternaam="Berg", roepnaam="Sem", geboortedatum=text)))
    (pupil,) = sqlite_office.rows(PupilRow)
    assert (pupil.birth_date, pupil.birth_date_partial) == (None, partial)
    other = sqlite_office.run(listed(HEADING, f"5;Sem;;Berg;{text};;;;"))
    assert outcomes(other) == [("new", "")]
    shares = entitled(None, "2010", (CarerFacts(new_id(), authority=True),), date(2026, 3, 10), AgeLimits())
    assert shares[0].share is Share.UNKNOWN
    assert shares[-1].share is Share.UNKNOWN


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
def test_dates(sqlite_office: Office, listed: Listed, text: str, expected: date | None) -> None:
    """Dutch order; an impossible date → row error."""
    report = sqlite_office.run(listed(HEADING, f"1;Sem;;Berg;{text};;;;"))
    assert outcomes(report) == [("new", "") if expected else ("error", "date_wrong")]
    assert [x.birth_date for x in sqlite_office.rows(PupilRow)] == ([expected] if expected else [])


def test_future_registration(office: Office, listed: Listed) -> None:
    """Dossier status aangemeld, no retention clock."""
    office.run(edex(sem(instroomdatum="2026-08-01")))
    office.run(listed(HEADING, "9;Elif;;Gümüş;04-05-2022;;;01-08-2026;"))
    dossiers = office.rows(DossierRow)
    assert [(x.state, x.opened_on, x.closed_on) for x in dossiers] == [(DossierState.REGISTERED, None, None)] * 2


def test_leaving_day_in_the_past_in_the_future_and_removed(office: Office) -> None:
    """The clock starts only on a reached date; it stops, and that is logged, on return."""
    office.run(edex(sem()))
    office.run(edex(sem(uitstroomdatum="2026-07-31")))
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.OPEN, None)
    office.run(edex(sem(uitstroomdatum="2026-03-06")))
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.CLOSED, date(2026, 3, 7))
    report = office.run(edex(sem()))
    assert "uitschrijfdatum" in {x.field for x in report.rows[0].changes}
    (dossier,) = office.rows(DossierRow)
    assert (dossier.state, dossier.closed_on) == (DossierState.OPEN, None)
    assert kinds(office)[-2] is EventKind.DOSSIER_OPENED


def test_a_missing_leaving_day_means_nothing_in_uwlr(sqlite_office: Office) -> None:
    """UWLR leaves the day out: a pupil who left stays so."""
    sqlite_office.run(edex(sem(uitstroomdatum="2026-03-06")))
    fields = {"achternaam": "Berg", "voorvoegsel": "van der", "roepnaam": "Sem", "geboortedatum": "2015-01-03"}
    report = sqlite_office.run(edex(leerling("K1", **fields), uwlr=True))
    assert outcomes(report) == [("unchanged", "")]
    assert sqlite_office.rows(DossierRow)[0].state is DossierState.CLOSED


def test_returns_after_leaving_with_a_new_number(office: Office, listed: Listed) -> None:
    """A second enrolment, the same dossier; the old number kept."""
    office.run(listed(HEADING, "1;Sem;;Berg;03-01-2015;111222333;groep 3;01-08-2020;31-07-2022"))
    back = office.run(listed(HEADING, "77;Sem;;Berg;03-01-2015;111222333;groep 7;01-08-2025;"))
    assert outcomes(back) == [("changed", "")]
    assert len(office.rows(DossierRow)) == 1
    assert sorted((x.since, x.until) for x in office.rows(EnrolmentRow)) == [
        (date(2020, 8, 1), date(2022, 8, 1)),
        (date(2025, 8, 1), None),
    ]
    assert [x.shown for x in office.rows(PupilIdentifierRow) if x.kind == "leerlingnummer"] == ["1"]


def test_returns_after_the_dossier_was_destroyed(sqlite_office: Office, listed: Listed) -> None:
    """A new dossier, with a pointer to the record of the destruction."""
    key = sqlite_office.tools.vault.keys.digest_key(digest_scope("99XX"))
    reference = new_id()
    with sqlite_office.tools.database.begin() as uow:
        uow.session.add(
            DestroyedPupilRow(
                school_id=sqlite_office.school.id,
                digest=number_digest(key, "111222333"),
                reference=reference,
                destroyed_on=date(2024, 8, 1),
            )
        )
    report = sqlite_office.run(listed(HEADING, "77;Sem;;Berg;03-01-2015;111222333;groep 7;01-08-2025;"))
    assert outcomes(report) == [("new", "")]
    assert warned(report) == {"destroyed_before"}
    assert [x.destroyed_before for x in sqlite_office.rows(PupilRow)] == [reference]


def test_name_change(office: Office, listed: Listed) -> None:
    """The old name in restricted history; what is shown has the new name only. By key, and by number."""
    office.run(edex(sem()))
    office.run(edex(sem(achternaam="Jansen", voorvoegsel="", roepnaam="Sam")))
    (pupil,) = office.rows(PupilRow)
    assert (pupil.given_name, pupil.prefix, pupil.surname, pupil.sort_name) == ("Sam", "", "Jansen", "jansen sam")
    assert [(x.given_name, x.surname) for x in office.rows(FormerNameRow)] == [("Sem", "Berg")]


def test_two_schools(sqlite_office: Office) -> None:
    """Two dossiers where the controllers differ; nothing shared without a transfer."""
    other = sqlite_office.another("99ZZ")
    sqlite_office.run(edex(sem(bsn="111222333")))
    other.run(edex(sem(bsn="111222333"), brin="99ZZ"))
    pupils = sqlite_office.rows(PupilRow)
    assert (
        len({x.school_id for x in pupils})
        == len({x.person_id for x in pupils})
        == len(sqlite_office.rows(DossierRow))
        == 2
    )
    assert len({x.bsn_digest for x in pupils}) == 2


def test_missing_from_the_newest_or_a_partial_file(office: Office, listed: Listed) -> None:
    """Reported, untouched."""
    elif_ = leerling("K2", achternaam="Gümüş", roepnaam="Elif", geboortedatum="2014-05-04")
    office.run(edex(sem(), elif_))
    before = {x.id: x.row_version for x in office.rows(PupilRow)}
    report = office.run(edex(sem(), made="2026-03-02"))
    assert report.absent == ("K2",)
    assert {x.id: x.row_version for x in office.rows(PupilRow)} == before
    assert {x.state for x in office.rows(DossierRow)} == {DossierState.OPEN}


def test_an_older_file_after_a_newer(desk: Desk) -> None:
    """Warned, explicit confirmation."""
    desk.imports.apply(desk.by, desk.preview(edex(sem(), made="2026-03-08")).id)
    older = desk.preview(edex(sem(roepnaam="Samuel"), made="2026-03-01"))
    assert (older.made_on, older.newer) == (date(2026, 3, 1), date(2026, 3, 8))
    with pytest.raises(Conflict) as asked:
        desk.imports.apply(desk.by, older.id)
    assert asked.value.code == "older_file"
    assert [x.given_name for x in desk.office.rows(PupilRow)] == ["Sem"]
    desk.imports.apply(desk.by, older.id, confirm_older=True)
    assert [x.given_name for x in desk.office.rows(PupilRow)] == ["Samuel"]
    with pytest.raises(Conflict) as at_once:
        desk.office.run(edex(sem(), made="2026-03-01"))
    assert at_once.value.code == "older_file"


def test_group_renamed_split_and_unknown_key(office: Office) -> None:
    """Placement history kept; an unknown key = warning."""
    both = {"G7": ("groep 7/8", "7"), "G8": ("groep 7/8", "8")}
    elif_ = {"achternaam": "Gümüş", "roepnaam": "Elif", "geboortedatum": "2014-05-04"}
    office.run(edex(sem(), leerling("K2", groups=["G8"], **elif_), groups=both))
    (group,) = office.rows(GroupRow)
    split = {"G7": ("groep 7", "7"), "G8": ("groep 8", "8")}
    office.clock.day = date(2026, 3, 12)
    office.run(edex(sem(), leerling("K2", groups=["G8"], **elif_), groups=split, made="2026-03-12"))
    names = {x.id: x.name for x in office.rows(GroupRow)}
    stays = sorted((names[x.group_id], x.until) for x in office.rows(GroupPlacementRow) if x.until)
    assert stays == [("groep 7/8", date(2026, 3, 12))] * 2
    renamed = {"G7": ("De Dolfijnen", "7"), "G8": ("groep 8", "8")}
    report = office.run(edex(sem(), leerling("K2", groups=["G9"], **elif_), groups=renamed, made="2026-03-12"))
    assert outcomes(report) == [("unchanged", ""), ("unchanged", "")]
    assert warned(report) == {"group_unknown"}
    assert {x.name for x in office.rows(GroupRow)} == {"groep 7/8", "De Dolfijnen", "groep 8"}
    assert group.id in names


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


def test_interrupted_upload(desk: Desk) -> None:
    """Rolled back: a file that stops in the middle is refused, and nothing changed."""
    whole = edex(sem(), leerling("K2", achternaam="Gümüş", roepnaam="Elif"))
    view = desk.preview(whole[: len(whole) // 2])
    assert view.state == "refused"
    assert view.refusal is not None
    assert view.refusal.code == "xml_broken"
    assert desk.office.rows(PupilRow) == []


def test_two_imports_at_once(desk: Desk) -> None:
    """One import per school at a time."""
    first, second = desk.preview(edex(sem())), desk.preview(edex(sem(roepnaam="Samuel")))
    with desk.imports._judge.alone(desk.office.school), pytest.raises(Conflict) as running:
        desk.imports.apply(desk.by, first.id)
    assert running.value.code == "import_running"
    desk.imports.apply(desk.by, first.id)
    with pytest.raises(Conflict) as changed:
        desk.imports.apply(desk.by, second.id)
    assert changed.value.code == "base_changed"
    assert desk.rows(desk.imports.view(desk.by, second.id)) == [("changed", "")]
