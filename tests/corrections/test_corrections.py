"""Families report what is wrong; the school decides; nothing is written to the data of a pupil."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from dms.db.tables import AuditEventRow, CarerRow, CorrectionRow, LetterRow, PupilCarerRow, PupilRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.corrections import CorrectionState
from dms.model.letters import LetterKind
from dms.services.carers import CarerContact, CarerForm
from dms.web.csv_answer import safe_cell
from tests import houses
from tests.houses import BRIN, House


@pytest.fixture(scope="module")
def shared(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = houses.copy(house_template, tmp_path_factory.mktemp("corrections"))
    contact = CarerContact("0999 - 12 34 56", "Kade 1", "3999 AB", "Oeverzand")
    for name in ("Hanna", "Ivo"):
        carer = next(x for x in house.app.carers.of(house.by("anouk"), joris(house)).carers if x.name.startswith(name))
        form = CarerForm(carer.name, carer.relation, carer.email, True, contact=contact)
        house.app.carers.save(house.by("anouk"), joris(house), carer.id, form)
    yield house
    house.app.close()


@pytest.fixture
def house(shared: House) -> House:
    with shared.app.database.begin() as uow:
        uow.session.execute(delete(CorrectionRow))
        uow.session.execute(delete(LetterRow))
        uow.session.execute(update(PupilCarerRow).values(address_secret=False))
    return shared


def joris(house: House):  # type: ignore[no-untyped-def]
    return house.pupil_id({x.call_name: x.number for x in house.schools()[0].pupils}["Joris"])


def data(house: House) -> list[tuple[object, ...]]:
    """Everything that a correction could be about, as it is kept."""
    with house.app.database.read() as session:
        pupil = session.get_one(PupilRow, joris(house))
        carers = session.execute(
            select(CarerRow.name, CarerRow.email, PupilCarerRow.contact_sealed)
            .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
            .where(PupilCarerRow.pupil_id == pupil.id)
            .order_by(CarerRow.name)
        )
        return [(pupil.given_name, pupil.surname, pupil.birth_date, pupil.email), *(tuple(x) for x in carers)]


def test_from_report_to_line_for_the_las(house: House) -> None:
    corrections, pupil = house.app.corrections, joris(house)
    hanna, anouk = house.by("hanna"), house.by("anouk")
    house.app.letters.choices.choose(anouk, [LetterKind.CORRECTION_RECEIVED], "uur")
    house.app.letters.choices.choose(hanna, [LetterKind.CORRECTION_ANSWERED], "uur")
    before = data(house)
    form = {x.field.code: x.value for x in corrections.reporting.form(hanna, pupil).fields}
    assert (form["carer_street"], form["carer_postcode"], form["pupil_given_name"]) == ("Kade 1", "3999 AB", "Joris")
    given = {
        "carer_street": "Dijk 22",
        "carer_postcode": "3999cd",
        "carer_phone": "+31 6 1234 5678",
        "carer_town": "Oeverzand",
    }
    assert corrections.reporting.report(hanna, pupil, given, "Wij zijn verhuisd.") == 3, "the town is as it was"
    assert corrections.reporting.report(hanna, pupil, given) == 0, "the same again is no second report"
    assert corrections.reporting.report(hanna, pupil, {"carer_street": "Dijk 23"}) == 1, "another takes its place"
    queue = corrections.queue.page(anouk, BRIN)
    shown = {x.field.code: x for x in queue.lines}
    assert {k: (x.old, x.new) for k, x in shown.items()} == {
        "carer_street": ("Kade 1", "Dijk 23"), "carer_postcode": ("3999 AB", "3999 CD"),
        "carer_phone": ("0999 - 12 34 56", "+31 6 1234 5678"),
    }  # fmt: skip
    assert (queue.waiting, shown["carer_postcode"].about) == (3, "Hanna Kuipers")
    street, phone, code = (shown[x] for x in ("carer_street", "carer_phone", "carer_postcode"))
    assert corrections.queue.decide(anouk, street.id, street.row_version, accept=True, reason="") == 1
    corrections.queue.decide(anouk, phone.id, phone.row_version, accept=True, reason="Dank u.")
    with pytest.raises(BadInput):
        corrections.queue.decide(anouk, code.id, code.row_version, accept=False, reason=" ")
    corrections.queue.decide(anouk, code.id, code.row_version, accept=False, reason="Deze postcode bestaat niet.")
    with pytest.raises(Conflict):
        corrections.queue.decide(anouk, code.id, code.row_version, accept=True, reason="")
    told = {x.field.code: (x.state, x.reason) for x in corrections.reporting.mine(hanna)}
    assert told["carer_postcode"] == (CorrectionState.REJECTED, "Deze postcode bestaat niet.")
    assert told["carer_street"][0] is CorrectionState.ACCEPTED
    lines = corrections.queue.export(anouk, BRIN)
    assert [(x.field, x.old, x.new) for x in lines] == [
        ("Straat en huisnummer van de verzorger", "Kade 1", "Dijk 23"),
        ("Telefoonnummer van de verzorger", "0999 - 12 34 56", "+31 6 1234 5678"),
    ]  # fmt: skip
    assert safe_cell(lines[1].new) == "'+31 6 1234 5678", "no spreadsheet takes it for a formula"
    assert corrections.queue.export(anouk, BRIN) == ()
    corrections.queue.again(anouk, street.id)
    assert len(corrections.queue.export(anouk, BRIN)) == 1
    assert data(house) == before, "never a direct write"
    with house.app.database.read() as session:
        kinds = list(session.scalars(select(LetterRow.kind)))
        events = session.execute(
            select(AuditEventRow.kind, AuditEventRow.details).where(AuditEventRow.object_kind == "correction")
        ).all()
    assert kinds.count(LetterKind.CORRECTION_RECEIVED) == 2
    assert kinds.count(LetterKind.CORRECTION_ANSWERED) == 3
    assert [x.value for x, _ in events].count("correction.reported") == 4
    assert "Dijk" not in str([y for _, y in events])
    raw = b"".join(x.read_bytes() for x in (house.folder / "var").glob("*.sqlite*"))
    assert b"Dijk 23" not in raw, "values are kept sealed"


def test_a_secret_address_is_not_shown_but_can_be_corrected(house: House) -> None:
    hanna, anouk, pupil = house.by("hanna"), house.by("anouk"), joris(house)
    with house.app.database.begin() as uow:
        uow.session.execute(update(PupilCarerRow).where(PupilCarerRow.pupil_id == pupil).values(address_secret=True))
    shown = house.app.corrections.reporting.form(hanna, pupil)
    hidden = {x.field.code for x in shown.fields if x.hidden}
    assert hidden == {"carer_phone", "carer_street", "carer_postcode", "carer_town"}
    assert "Kade" not in str(shown)
    assert house.app.corrections.reporting.report(hanna, pupil, {"carer_street": "Kade 1"}) == 1, "tells nothing"
    (mine,) = house.app.corrections.reporting.mine(hanna)
    assert (mine.old, mine.new) == ("", "Kade 1")
    (line,) = house.app.corrections.queue.page(anouk, BRIN).lines
    assert (line.old, line.secret) == ("Kade 1", True)


def test_parents_do_not_see_each_other(house: House) -> None:
    hanna, ivo, pupil, reporting = house.by("hanna"), house.by("ivo"), joris(house), house.app.corrections.reporting
    reporting.report(hanna, pupil, {"carer_street": "Geheime laan 9", "pupil_given_name": "Jorris"})
    assert reporting.mine(ivo) == ()
    assert "Geheime laan" not in str(reporting.form(ivo, pupil))
    reporting.report(ivo, pupil, {"pupil_given_name": "Jorris"})
    queue, anouk = house.app.corrections.queue, house.by("anouk")
    same = [x for x in queue.page(anouk, BRIN).lines if x.field.code == "pupil_given_name"]
    assert len(same) == 2
    assert queue.decide(anouk, same[0].id, same[0].row_version, accept=True, reason="Klopt.") == 2, "both are answered"
    (his,) = reporting.mine(ivo)
    assert (his.state, his.reason) == (CorrectionState.ACCEPTED, "Klopt.")
    (hers,) = (x for x in reporting.mine(hanna) if x.field.code == "carer_street")
    with pytest.raises(NotFound):
        reporting.withdraw(ivo, hers.id)
    reporting.withdraw(hanna, hers.id)
    assert queue.page(anouk, BRIN).lines == ()


@pytest.mark.parametrize("name", ["karim", "mees", "anouk", "carla", "lotte"])
def test_who_has_nothing_to_do_with_the_child_reports_nothing(house: House, name: str) -> None:
    reporting, pupil = house.app.corrections.reporting, joris(house)
    for act in (
        lambda by: reporting.form(by, pupil),
        lambda by: reporting.report(by, pupil, {"pupil_email": "a@b.nl"}),
    ):
        with pytest.raises(NotFound):
            act(house.by(name))
    assert all(x != pupil for x, _ in reporting.pupils(house.by(name)))


def test_only_who_keeps_contact_data_decides(house: House) -> None:
    house.app.corrections.reporting.report(house.by("hanna"), joris(house), {"pupil_surname": "Van Zandt"})
    queue = house.app.corrections.queue
    (line,) = queue.page(house.by("anouk"), BRIN).lines
    for name in ("bram", "mees", "hanna", "esra", "gijs", "femke"):
        by = house.by(name)
        with pytest.raises((NotFound, Refused)):
            queue.one(by, line.id)
        with pytest.raises((NotFound, Refused)):
            queue.decide(by, line.id, line.row_version, accept=True, reason="")
        assert queue.open_count(by, BRIN) == 0
    assert queue.page(house.by("bram"), BRIN).lines == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("carer_email", "geen adres"), ("carer_phone", "bel maar"), ("pupil_birth_date", "31-02-2015"),
        ("pupil_birth_date", "1-1-1900"), ("pupil_given_name", "x" * 201), ("carer_town", "a\u202eb"),
        ("carer_name", "  "),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_field(house: House, field: str, value: str) -> None:
    with pytest.raises(BadInput):
        house.app.corrections.reporting.report(house.by("hanna"), joris(house), {field: value})
    with pytest.raises(NotFound):
        house.app.corrections.reporting.report(house.by("hanna"), joris(house), {"school_id": "x"})


def test_what_was_decided_a_year_ago_is_forgotten(house: House) -> None:
    reporting, queue = house.app.corrections.reporting, house.app.corrections.queue
    reporting.report(house.by("hanna"), joris(house), {"pupil_birth_date": "3-11-2015"})
    (line,) = queue.page(house.by("anouk"), BRIN).lines
    assert line.new == "03-11-2015"
    queue.decide(house.by("anouk"), line.id, line.row_version, accept=True, reason="")
    assert queue.sweep() == 0
    with house.app.database.begin() as uow:
        uow.session.execute(update(CorrectionRow).values(decided_at=uow.now - timedelta(days=366)))
    assert queue.sweep() == 1
    assert reporting.mine(house.by("hanna")) == ()
