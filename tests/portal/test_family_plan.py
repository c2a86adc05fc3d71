"""The plan of a school: phases, looking as a parent before they open, and the announcement on the day."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dms.db.tables import FamilyPhaseRow, LetterChoiceRow, LetterRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.letters import LetterKind
from tests.houses import BRIN
from tests.portal.family_world import FamilyWorld


def test_looking_as_a_parent_shows_a_day_to_come_and_no_more_than_the_colleague_may_see(families: FamilyWorld) -> None:
    plan, today = families.house.app.portal.plan, families.house.app.clock.today()

    def seen(name: str, days: int, *, as_pupil: bool = False) -> set[str]:
        page = plan.preview(families.house.by(name), BRIN, "10427", today + timedelta(days=days), as_pupil=as_pupil)
        assert page.data is None
        return {x.code for x in page.parts if x.papers}

    assert seen("dirk", 0) == {"gegevens", "rapport", "gesprekken", "ondersteuning", "verzuim"}
    assert seen("dirk", 28) == seen("dirk", 0) | {"notities"}
    page = plan.preview(families.house.by("dirk"), BRIN, "10427", today + timedelta(days=28))
    assert page.own_data, "that she sees her own data is told, never whose"
    assert [x.text for x in page.news][:1] == ["U leest nu ook de notities van de leerkracht."]
    assert plan.preview(families.house.by("dirk"), BRIN, "10427", today, as_pupil=True).news == ()
    assert seen("gijs", 28) == set(), "who configures the service sees no content"
    assert seen("dirk", 28, as_pupil=True) == set(), "Joris is not sixteen"
    for name in ("anouk", "bram", "carla"):
        with pytest.raises(Refused):
            plan.preview(families.house.by(name), BRIN, "10427", today)
    with pytest.raises(NotFound):
        plan.preview(families.house.by("dirk"), BRIN, "99999", today)


def test_a_module_lies_in_one_phase_and_closes_with_it(families: FamilyWorld) -> None:
    plan, gijs, today = families.house.app.portal.plan, families.house.by("gijs"), families.house.app.clock.today()

    def opened() -> set[str]:
        return {x.code for x in plan.show(gijs, BRIN).modules if x.is_open}

    before = opened()
    first = plan.save(gijs, BRIN, None, "Proef", today, "", ["onderwijs"])
    assert opened() == before | {"onderwijs"}
    second = plan.save(gijs, BRIN, None, "Proef 2", today + timedelta(days=3), "", ["onderwijs"])
    assert opened() == before
    told = {x.code: x.categories for x in plan.show(gijs, BRIN).modules}
    assert "Toetsen en rapporten" in told.values(), "by name, not by code"
    phases = {x.id: x for x in plan.show(gijs, BRIN).phases}
    assert (phases[first].modules, phases[second].modules) == ((), ("onderwijs",))
    with pytest.raises(Conflict):
        plan.save(gijs, BRIN, second, "Proef 2", today, "", ["onderwijs"], row_version=9)
    plan.save(gijs, BRIN, second, "Proef 2", today, "", ["onderwijs"], row_version=1)
    assert opened() == before | {"onderwijs"}
    plan.drop(gijs, BRIN, second)
    plan.drop(gijs, BRIN, first)
    assert opened() == before
    for name, day, modules in (("", today, ["onderwijs"]), ("Fase", None, ["onderwijs"]), ("Fase", today, [])):
        with pytest.raises(BadInput):
            plan.save(gijs, BRIN, None, name, day, "", modules)
    with pytest.raises(BadInput):
        plan.save(gijs, BRIN, None, "Fase", today, "", ["zorg"])
    for colleague in ("dirk", "esra", "anouk"):
        with pytest.raises(Refused):
            plan.save(families.house.by(colleague), BRIN, None, "Fase", today, "", ["onderwijs"])


def test_the_announcement_goes_once_to_who_asked_for_it(families: FamilyWorld) -> None:
    app, ivo = families.house.app, families.by("ivo").user_id
    app.portal.plan.announce_due()
    with app.database.begin() as uow:
        uow.session.add(LetterChoiceRow(user_id=ivo, kind=LetterKind.PORTAL_OPENED))
        for phase in uow.session.scalars(select(FamilyPhaseRow).where(FamilyPhaseRow.name.startswith("Rapporten"))):
            phase.announced_at = None
    asked = select(LetterRow.user_id, LetterRow.params).where(LetterRow.kind == LetterKind.PORTAL_OPENED)
    with app.database.read() as session:
        before = len(session.execute(asked).all())
    assert app.portal.plan.announce_due() > 0
    assert app.portal.plan.announce_due() == 0
    with app.database.read() as session:
        letters = session.execute(asked).all()
    assert [x for x, _ in letters[before:]] == [ivo]
    assert set(letters[-1][1]) == {"date", "page"}
