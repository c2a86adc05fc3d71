"""Every act that counts writes the days on the placement; what is due is decided again; the operator's questions."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import PlacementRow, PupilRow, RecountRow
from dms.demo.hostile import good_pdf
from dms.kernel.errors import NotFound, Refused
from dms.model.documents import Source
from dms.services.shapes import Hints
from retention.rules.due import Verdict
from retention.terms.follow import follow_pupils
from retention.terms.places import judged
from tests.houses import BRIN, OPERATOR, House
from tests.retention.retention_world import due_ids, enrol, file, numbers, placement

LONG_AGO = date(2019, 8, 1)


@pytest.fixture
def pupil(house: House) -> UUID:
    """A pupil who left."""
    found = house.pupil_id(numbers(house)[0])
    enrol(house, found, LONG_AGO)
    return found


def test_filing_writes_days_version_and_reason(house: House, pupil: UUID) -> None:
    (document,) = file(house, pupil, "OND-05")
    row = placement(house, document)
    assert (row.due_from, row.due_by, row.rule_version) == (date(2021, 8, 1), date(2021, 8, 1), 1)
    assert "2021-08-01" in row.due_reason
    assert document in due_ids(house)
    assert document not in due_ids(house, date(2021, 7, 31))
    assert document in due_ids(house, date(2021, 8, 1), BRIN)
    assert document not in due_ids(house, brin="99ZZ")


@pytest.mark.slow
def test_a_paper_through_the_desk_gets_its_days(house: House) -> None:
    number = numbers(house)[3]
    pupil = house.pupil_id(number)
    enrol(house, pupil, LONG_AGO)
    hints = Hints(pupil_number=number, category="OND-05", document_date=date(2019, 1, 5))
    paper = good_pdf("Beste school, hierbij een bericht.")
    intake = house.app.receive.receive(house.by("anouk"), BRIN, Source.UPLOAD, [("a.pdf", [paper])], hints)
    house.work()
    (item,) = house.items(intake)
    assert item.document_id is not None, item
    assert placement(house, item.document_id).due_from == date(2021, 8, 1)


def test_return_cancels_and_a_corrected_day_recalculates(house: House, pupil: UUID) -> None:
    (document,) = file(house, pupil, "OND-05")
    enrol(house, pupil, LONG_AGO, None)
    row = placement(house, document)
    assert (row.due_from, row.due_by) == (None, None)
    assert "einde_inschrijving" in row.due_reason
    enrol(house, pupil, date(2020, 2, 29))
    assert placement(house, document).due_from == date(2022, 2, 28)


def test_another_category_or_field_recalculates(house: House, pupil: UUID) -> None:
    documents, carla = house.app.documents, house.by("carla")
    (document,) = file(house, pupil, "OND-05", day=date(2019, 5, 1))
    view = documents.change(carla, document, 1, category="OND-04")
    assert placement(house, document).due_from == date(2024, 8, 1)
    house.app.undo.undo(carla, view.undo)  # type: ignore[arg-type]
    assert placement(house, document).due_from == date(2021, 8, 1)
    (need,) = file(house, pupil, "ZRG-01")
    assert placement(house, need).due_from == LONG_AGO
    documents.change(carla, need, 1, fields={"nodig_tot": "2018-03-04"})
    assert placement(house, need).due_from == date(2018, 3, 4)


def test_a_list_that_says_who_left_starts_the_term(house: House, tmp_path: Path) -> None:
    number = numbers(house)[5]
    pupil = house.pupil_id(number)
    (document,) = file(house, pupil, "OND-05")
    assert placement(house, document).due_from is None
    with house.app.database.read() as session:
        row = session.get_one(PupilRow, pupil)
    left = house.app.clock.today() - timedelta(days=10)
    born = row.birth_date.isoformat() if row.birth_date else ""
    text = "leerlingnummer,achternaam,voorvoegsel,roepnaam,geboortedatum,inschrijfdatum,uitschrijfdatum\n"
    text += f"{row.number},{row.surname},{row.prefix},{row.given_name},{born},2020-08-01,{left.isoformat()}\n"
    path = tmp_path / "leerlingen.csv"
    path.write_text(text, "utf-8")
    report = house.app.pupil_import.run(OPERATOR, BRIN, path, apply=True)
    assert report.counts["changed"] == 1, report
    found = placement(house, document).due_from
    assert found is not None
    assert 700 < (found - left).days < 740


def test_unknown_triggers_and_blocked_rules_are_never_due_but_listed(house: House, pupil: UUID) -> None:
    wanted = {
        file(house, pupil, "ADM-05")[0]: Verdict.UNKNOWN_TRIGGER,
        file(house, pupil, "ZRG-05")[0]: Verdict.BLOCKED,
        file(house, pupil, "OND-08", uitslagdatum="2001-06-11")[0]: Verdict.BLOCKED,
        file(house, pupil, "VEI-01")[0]: Verdict.KEPT,
        file(house, pupil, "BEW-01")[0]: Verdict.KEPT,
    }
    assert not set(due_ids(house, date(2200, 1, 1))) & wanted.keys()
    listed = {x.document_id: x.verdict for x in house.app.retention.terms.undated(OPERATOR)}
    assert {x: listed[x] for x in wanted} == wanted


def test_what_is_written_is_never_believed(house: House, pupil: UUID) -> None:
    (document,) = file(house, pupil, "ADM-05")
    with house.app.database.begin() as uow:
        uow.session.execute(
            update(PlacementRow).where(PlacementRow.document_id == document).values(due_from=date(2000, 1, 1))
        )
    assert document not in due_ids(house)
    assert document not in {x.document_id for x in house.app.retention.terms.page(house.by("femke"), BRIN).lines}
    with house.app.database.read() as session:
        row = session.scalars(select(PlacementRow).where(PlacementRow.document_id == document)).one()
        (verdict,) = (x for _, x in judged(session, [row.id], house.app.clock.today()).values())
    assert verdict.verdict is Verdict.UNKNOWN_TRIGGER


def test_why_for_document_dossier_and_pupil_and_only_for_who_sees(house: House, pupil: UUID) -> None:
    terms = house.app.retention.terms
    (document,) = file(house, pupil, "ZRG-04")
    (line,) = terms.why(OPERATOR, document)
    assert (line.verdict, line.due_from, line.rule_version) == (Verdict.DUE, date(2021, 8, 1), 1)
    assert line.rule is not None
    assert line.rule.legal_basis == "UAVG 30"
    assert line.started_on == LONG_AGO
    row = placement(house, document)
    assert {x.placement_id for x in terms.why(OPERATOR, pupil)} == {row.id}
    assert {x.placement_id for x in terms.why(OPERATOR, row.dossier_id)} == {row.id}
    assert [x.placement_id for x in terms.why(house.by("femke"), row.id)] == [row.id]
    for name in ("mees", "bram", "gijs"):
        with pytest.raises(NotFound):
            terms.why(house.by(name), document)


@pytest.mark.slow
def test_the_due_page_is_for_who_disposes(house: House, pupil: UUID) -> None:
    documents = file(house, pupil, "OND-05", count=5)
    terms = house.app.retention.terms
    first = terms.page(house.by("femke"), BRIN, size=3)
    second = terms.page(house.by("femke"), BRIN, page=2, size=3)
    assert (first.total, len(first.lines), len(second.lines)) == (5, 3, 2)
    assert {x.document_id for x in (*first.lines, *second.lines)} == set(documents)
    assert all(x.days_late > 1000 for x in first.lines)
    with pytest.raises(Refused):
        terms.page(house.by("bram"), BRIN)
    with pytest.raises(NotFound):
        terms.page(house.by("mees"), BRIN)


@pytest.mark.slow
def test_many_pupils_become_work_that_goes_on_where_it_was(any_house: House) -> None:
    house = any_house
    pupils = [house.pupil_id(x) for x in numbers(house)[:60]]
    documents = [x for p in pupils for x in file(house, p, "OND-03", count=2)]
    with house.app.database.begin() as uow:
        board = placement(house, documents[0]).board_id
        uow.session.execute(
            update(PlacementRow).where(PlacementRow.document_id.in_(documents)).values(due_reason="", rule_version=None)
        )
        follow_pupils(uow, board, pupils)
    sweep = house.app.retention.sweep
    assert sweep.behind()
    assert placement(house, documents[0]).rule_version is None
    sweep.recount(most=3)
    assert sweep.behind()
    sweep.recount_all()
    assert not sweep.behind()
    assert {placement(house, x).rule_version for x in documents} == {1}
    assert house.app.retention.sweep.recount_boards(OPERATOR, BRIN) >= len(documents)
    with house.app.database.read() as session:
        assert session.scalars(select(RecountRow).where(RecountRow.done_at.is_(None))).all() == []
