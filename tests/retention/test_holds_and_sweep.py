"""Holds of every kind, the daily sweep, the forecast, and a schedule that one writes and another adopts."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow, CategoryRow, CategoryVersionRow, SweepRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.events import EventKind
from dms.model.retention import HoldOn
from retention.rules.compare import Effect
from retention.rules.due import Verdict
from retention.rules.schedule import Rule
from retention.rules.term import parse_term
from retention.service.holds_place import HoldTarget
from retention.terms.places import judged
from tests.houses import BRIN, OPERATOR, House
from tests.retention.retention_world import due_ids, enrol, file, numbers, placement

LEFT = date(2019, 8, 1)


@pytest.fixture
def pupil(house: House) -> UUID:
    """A pupil who left."""
    found = house.pupil_id(numbers(house)[0])
    enrol(house, found, LEFT)
    return found


def verdict_on(house: House, document: UUID) -> Verdict:
    """What whoever executes a list is told."""
    with house.app.database.read() as session:
        row = placement(house, document)
        return judged(session, [row.id], house.app.clock.today())[row.id][1].verdict


@pytest.mark.slow
@pytest.mark.parametrize("on", list(HoldOn))
def test_each_hold_keeps_and_its_release_queues_again(house: House, pupil: UUID, on: HoldOn) -> None:
    (document,), holds = file(house, pupil, "OND-05"), house.app.retention.holds
    other = house.pupil_id(numbers(house)[1])
    enrol(house, other, LEFT)
    (else_where,) = file(house, other, "OND-04")
    house.app.retention.sweep.recount_all()
    house.app.retention.sweep.run()
    before = house.app.retention.sweep.tile(house.by("femke"), BRIN)
    row = placement(house, document)
    what = {
        HoldOn.DOCUMENT: str(document),
        HoldOn.DOSSIER: str(row.dossier_id),
        HoldOn.PUPIL: numbers(house)[0],
        HoldOn.CATEGORY: "OND-05",
        HoldOn.BOARD: "Stichting Horizon",
    }
    view = holds.add(house.by("femke"), HoldTarget(on, what[on]), "klacht loopt nog", owner=house_mail("dirk"))
    assert (view.owner.split()[0], view.review_on) == ("Dirk", house.app.clock.today() + timedelta(days=365))
    assert verdict_on(house, document) is Verdict.HELD
    assert document not in due_ids(house)
    assert (else_where in due_ids(house)) is (on is not HoldOn.BOARD)
    house.app.retention.sweep.recount_all()
    assert placement(house, document).due_from == date(2021, 8, 1)
    assert "klacht" not in placement(house, document).due_reason
    assert placement(house, document).due_reason.startswith("Bevroren")
    house.app.retention.sweep.run()
    held = house.app.retention.sweep.tile(house.by("femke"), BRIN)
    assert (held.due + held.held, held.held > before.held) == (before.due + before.held, True)
    holds.release(house.by("femke"), view.id, "klacht is afgehandeld")
    assert verdict_on(house, document) is Verdict.DUE
    assert document in due_ids(house)
    house.app.retention.sweep.recount_all()
    assert house.app.retention.sweep.run() >= before.due
    assert house.app.retention.sweep.tile(house.by("femke"), BRIN) == before
    with pytest.raises(Conflict):
        holds.release(house.by("femke"), view.id, "nog een keer")


def house_mail(name: str) -> str:
    return f"{name}@deregenboog.example"


def test_who_may_hold_what(house: House, pupil: UUID) -> None:
    holds = house.app.retention.holds
    (document,) = file(house, pupil, "ZRG-04")
    on = HoldTarget(HoldOn.DOCUMENT, str(document))
    for name, error in (("mees", NotFound), ("bram", NotFound), ("gijs", NotFound)):
        with pytest.raises(error):
            holds.add(house.by(name), on, "zomaar een reden")
    with pytest.raises(Refused):
        holds.add(house.by("anouk"), HoldTarget(HoldOn.PUPIL, str(pupil)), "zomaar een reden")
    with pytest.raises(Refused):
        holds.add(house.by("dirk"), HoldTarget(HoldOn.BOARD), "zomaar een reden")
    with pytest.raises(Refused):
        holds.add(OPERATOR, on, "zomaar een reden")
    with pytest.raises(BadInput):
        holds.add(house.by("dirk"), on, "  ")
    with pytest.raises(BadInput):
        holds.add(house.by("dirk"), on, "klacht", review_on=house.app.clock.today())
    with pytest.raises(BadInput):
        holds.add(house.by("dirk"), on, "klacht", owner="niemand@elders.example")
    with pytest.raises(NotFound):
        holds.add(house.by("femke"), HoldTarget(HoldOn.CATEGORY, "ZZZ-99"), "zomaar een reden")
    school = holds.add(house.by("dirk"), HoldTarget(HoldOn.BOARD, brin=BRIN), "onderzoek van de inspectie")
    mine = holds.add(house.by("dirk"), on, "klacht")
    assert {x.id for x in holds.list(house.by("dirk"))} == {school.id, mine.id}
    assert {x.id for x in holds.list(OPERATOR, BRIN)} == {school.id, mine.id}
    assert {x.id for x in holds.list(OPERATOR, "99ZZ")} == set()
    assert holds.list(house.by("mees")) == holds.list(house.by("bram")) == ()
    changed = holds.change(house.by("femke"), mine.id, review_on=date(2200, 1, 1))
    assert changed.review_on == date(2200, 1, 1)
    with pytest.raises(NotFound):
        holds.release(house.by("bram"), mine.id, "mag ik dit")
    holds.release(house.by("dirk"), mine.id, "klaar ermee")
    assert [x.released_by.split()[0] for x in holds.list(OPERATOR, released=True) if x.id == mine.id] == ["Dirk"]


def test_the_sweep_is_done_once_a_day_by_however_many(any_house: House) -> None:
    house = any_house
    pupil = house.pupil_id(numbers(house)[0])
    enrol(house, pupil, LEFT)
    file(house, pupil, "OND-05", count=30)
    sweep = house.app.retention.sweep
    sweep.recount_all()
    together = threading.Barrier(4)
    found: list[int] = []

    def machine() -> None:
        together.wait()
        found.append(sweep.run())

    threads = [threading.Thread(target=machine) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found)[-1] >= 30
    with house.app.database.read() as session:
        rows = session.scalars(select(SweepRow)).all()
        assert len({x.school_id for x in rows}) == len(rows) == 3
        assert sum(x.due for x in rows) == sum(x.fresh for x in rows) == len(due_ids(house))
        kinds = session.scalars(select(AuditEventRow.kind).where(AuditEventRow.kind == EventKind.RETENTION_SWEPT))
        assert len(kinds.all()) == len({x.board_id for x in rows})
    assert sweep.run() == 0
    tile = sweep.tile(house.by("femke"), BRIN)
    assert (tile.due >= 30, tile.late >= 30, tile.recounting) == (True, True, False)


def test_the_dashboard_is_not_behind_what_falls_due(house: House, pupil: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = house.app.retention.sweep
    sweep.run()
    before = sweep.tile(house.by("femke"), BRIN)
    file(house, pupil, "OND-05", count=3)
    assert sweep.run() == 0  # the sweep of today was done
    now = sweep.tile(house.by("femke"), BRIN)
    assert (now.due, now.late, now.fresh) == (before.due + 3, before.late + 3, before.fresh + 3)
    monkeypatch.setattr("retention.service.sweep.LIVE", before.due + 3)
    assert sweep.tile(house.by("femke"), BRIN) == before  # so many are told as the sweep found them


def test_the_forecast_counts_what_falls_due(house: House) -> None:
    pupil = house.pupil_id(numbers(house)[0])
    today = house.app.clock.today()
    enrol(house, pupil, date(today.year - 1, 8, 1))
    file(house, pupil, "OND-05", count=4)
    file(house, pupil, "VEI-04", day=date(2020, 1, 1), count=2)
    cells = {(x.month, x.school, x.category): x.count for x in house.app.retention.forecast.cells(OPERATOR, BRIN)}
    assert cells[f"{today.year + 1}-08", BRIN, "OND-05"] == 4
    assert cells[f"{today:%Y-%m}", BRIN, "VEI-04"] == 2
    assert house.app.retention.forecast.cells(house.by("femke"), BRIN) != ()
    with pytest.raises(Refused):
        house.app.retention.forecast.cells(house.by("bram"), BRIN)
    with pytest.raises(NotFound):
        house.app.retention.forecast.cells(house.by("femke"))


def changed_rule(house: House, code: str, **more: object) -> Rule:
    """The rule in force with something else in it."""
    view = house.app.retention.schedules.current(house.by("femke"), BRIN)
    return replace(next(x for x in view.rules if x.category == code), **more)  # type: ignore[arg-type]


def test_one_writes_another_adopts_and_all_follow(house: House, pupil: UUID) -> None:
    desk, femke, dirk = house.app.retention.schedules, house.by("femke"), house.by("dirk")
    today = house.app.clock.today()
    (document,), (chosen,) = file(house, pupil, "OND-05"), file(house, pupil, "ZRG-05")
    rules = [
        changed_rule(house, "OND-05", maximum=parse_term("P9Y")),
        changed_rule(house, "ZRG-05", maximum=parse_term("P2Y"), blocked=False),
    ]
    with pytest.raises(Refused):
        desk.edit(dirk, BRIN, rules)
    with pytest.raises(Refused):
        desk.edit(house.by("bram"), BRIN, rules)
    with pytest.raises(NotFound):
        desk.edit(house.by("mees"), BRIN, rules)
    with pytest.raises(BadInput):
        desk.edit(femke, BRIN, [replace(rules[0], legal_basis="")])
    draft = desk.edit(femke, BRIN, rules)
    assert (draft.changed, draft.may_adopt) == (("OND-05", "ZRG-05"), False)
    effects = desk.effects(dirk, BRIN)
    later = date(2028, 8, 1) > today
    assert effects.categories["OND-05"] == {Effect.LATER: effects.counts[Effect.LATER]}
    assert later
    assert effects.categories["ZRG-05"][Effect.CONFLICT] >= 1
    with pytest.raises(Refused):
        desk.adopt(femke, BRIN, draft.row_version, "besluit van het bestuur")
    with pytest.raises(BadInput):
        desk.adopt(dirk, BRIN, draft.row_version, "")
    with pytest.raises(Conflict):
        desk.adopt(dirk, BRIN, draft.row_version + 1, "besluit van het bestuur")
    assert document in due_ids(house)
    assert desk.adopt(dirk, BRIN, draft.row_version, "besluit van het bestuur") == 2
    assert document not in due_ids(house), "decided again by the new rule, before anything was counted"
    house.app.retention.sweep.recount_all()
    row = placement(house, document)
    assert (row.due_from, row.rule_version) == (date(2028, 8, 1), 2)
    assert placement(house, chosen).due_from == date(2021, 8, 1)
    assert [(x.number, x.author[:5], x.adopted_by[:4]) for x in desk.versions(femke, BRIN)] == [
        (2, "Femke", "Dirk"),
        (1, "", ""),
    ]
    assert next(x for x in desk.version(femke, BRIN, 1).rules if x.category == "ZRG-05").blocked
    assert desk.draft(femke, BRIN) is None
    with house.app.database.read() as session:
        shown = session.execute(
            select(CategoryVersionRow.maximum, CategoryVersionRow.number)
            .join(CategoryRow, CategoryRow.current_version_id == CategoryVersionRow.id)
            .where(CategoryRow.code == "OND-05", CategoryRow.board_id == row.board_id)
        ).one()
    assert tuple(shown) == ("P9Y", 2)


def test_a_draft_can_be_dropped_and_what_if_writes_nothing(house: House, pupil: UUID) -> None:
    desk, femke = house.app.retention.schedules, house.by("femke")
    (document,) = file(house, pupil, "OND-05")
    blocked = changed_rule(house, "OND-05", blocked=True)
    found = house.app.retention.what_if.ask(OPERATOR, [blocked], BRIN, examples=3)
    assert found.categories["OND-05"][Effect.BLOCKED] >= 1
    assert document in {x.document_id for x in found.examples}
    assert placement(house, document).rule_version == 1
    assert desk.draft(femke, BRIN) is None
    draft = desk.edit(femke, BRIN, [blocked])
    with pytest.raises(Conflict):
        desk.edit(femke, BRIN, [blocked], draft.row_version - 1)
    desk.drop(femke, BRIN, draft.row_version)
    assert desk.draft(femke, BRIN) is None
    with pytest.raises(NotFound):
        desk.effects(femke, BRIN)
    with pytest.raises(BadInput):
        desk.edit(femke, BRIN, [replace(blocked, category="ZZZ-99")])
