"""Looking in the rights room: as a colleague, who may see what, the log, unusual looks, families."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import (
    DossierRow,
)
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.model.catalogue import Level
from dms.model.events import EventKind
from dms.services.rights import RightsDesk
from rights.rules.actions import Action, Reach
from rights.service.gate import Gate
from tests.houses import BRIN, House
from tests.rights.room_papers import REASON, events, file, first, line, number_in, sees


@pytest.fixture
def desk(house: House) -> RightsDesk:
    """The services of the room."""
    return house.app.rights_desk


def test_looking_as_a_colleague_never_shows_more_than_one_s_own(house: House, desk: RightsDesk) -> None:
    number = number_in(house, "groep 7")
    pupil = house.pupil_id(number)
    care, report = file(house, number, "ZRG-04"), file(house, number, "OND-03")
    carla = house.by("carla")
    assert carla.user_id is not None
    for name in ("anouk", "bram"):
        with pytest.raises(Refused):
            desk.looking.look_as(house.by(name), BRIN, carla.user_id)
    gijs = desk.looking.look_as(house.by("gijs"), BRIN, carla.user_id)
    assert gijs.documents == 2
    assert (gijs.shown, gijs.shown_documents) == ((), 0)
    with pytest.raises(NotFound):
        desk.looking.look_in_dossier(house.by("gijs"), BRIN, carla.user_id, pupil)
    bram = house.by("bram").user_id
    assert bram is not None
    _, _, rows, more = desk.looking.look_in_dossier(house.by("dirk"), BRIN, bram, pupil)
    assert ([x.document_id for x in rows], more) == ([report], 0)
    _, _, rows, more = desk.looking.look_in_dossier(house.by("esra"), BRIN, carla.user_id, pupil)
    assert {x.document_id for x in rows} == {care, report}
    assert not any(x.mine for x in rows)
    assert all(x.reads for x in rows)
    last = events(house, EventKind.RIGHTS_LOOKED_AS)[-1]
    assert (last.actor_id, last.object_id, last.details["as"]) == (
        house.by("esra").user_id, carla.user_id, str(carla.user_id),
    )  # fmt: skip
    with pytest.raises(NotFound):
        desk.looking.look_as(house.by("gijs"), BRIN, house.by("mees").user_id)


def test_who_may_see_and_why(house: House, desk: RightsDesk) -> None:
    document = file(house, number_in(house, "groep 7"), "OND-03")
    anouk, carla, bram = house.by("anouk"), house.by("carla"), house.by("bram")
    found = desk.looking.who(anouk, document)
    assert {first(x.name) for x in found.staff} >= {"Anouk", "Bram", "Carla", "Dirk", "Esra", "Femke"}
    assert "Gijs" not in {first(x.name) for x in found.staff}
    told = {x.action: x for x in desk.looking.explain(carla, document, bram.user_id)}
    assert (told["read"].allowed, told["read"].line.number if told["read"].line else None) == (True, 3)
    assert not told["share"].allowed
    for name in ("mees", "gijs"):
        for ask in (desk.looking.who, desk.looking.title, desk.looking.colleagues_for):
            with pytest.raises(NotFound):
                ask(house.by(name), document)
            with pytest.raises(NotFound):
                ask(house.by(name), UUID(int=5))
    care = file(house, number_in(house, "groep 7"), "ZRG-04")
    with pytest.raises(NotFound):
        desk.looking.explain(anouk, care, bram.user_id)
    _, rows = desk.effects.may_see(house.by("gijs"), BRIN, bram.user_id)
    assert next(x for x in rows if x.code == "OND-03").now["read"] == 1
    _, mine = desk.effects.may_see(bram, BRIN, bram.user_id)
    assert mine == rows


def test_the_log_per_pupil_and_per_person(house: House, desk: RightsDesk) -> None:
    from dms.services.rights.access_log import LogFilter, as_csv

    number = number_in(house, "groep 7")
    pupil, document = house.pupil_id(number), file(house, number, "OND-03")
    bram, esra = house.by("bram"), house.by("esra")
    house.app.pupils.dossier(bram, pupil)
    house.app.documents.show(bram, document)
    for name in ("bram", "gijs", "dirk", "mees"):
        with pytest.raises(NotFound):
            desk.log.of_pupil(house.by(name), pupil, LogFilter())
        with pytest.raises((Refused, NotFound)):
            desk.log.of_person(house.by(name), BRIN, bram.user_id, LogFilter())
    _, found = desk.log.of_pupil(esra, pupil, LogFilter())
    kinds = [x.kind for x in found.lines]
    assert {"dossier.seen", "document.seen", "document.filed"} <= set(kinds)
    assert {first(x.who) for x in found.lines if x.kind == "document.seen"} == {"Bram"}
    today = house.app.clock.today()
    _, seen = desk.log.of_pupil(esra, pupil, LogFilter(today, today, "seen"))
    assert {x.kind for x in seen.lines} <= {"dossier.seen", "document.seen", "item.seen"}
    assert desk.log.of_pupil(esra, pupil, LogFilter(since=today + timedelta(days=1)))[1].total == 0
    assert desk.log.of_pupil(esra, pupil, LogFilter(until=today - timedelta(days=1)))[1].lines == ()
    with pytest.raises(BadInput):
        desk.log.of_pupil(esra, pupil, LogFilter(group="alles"))
    name, theirs = desk.log.of_person(esra, BRIN, bram.user_id, LogFilter(group="seen"))
    assert first(name) == "Bram"
    assert {x.pupil_id for x in theirs.lines} == {pupil}
    _, told = desk.log.for_subject(esra, pupil)
    assert {x.who for x in told} <= {"mentor", "service"}
    assert not any(x.user_id or x.pupil or x.note or x.object_id for x in told)
    assert "access_log.seen" not in {x.kind for x in told}
    text = as_csv(found.lines, ("wanneer",), {})
    assert "Bram" in text
    assert "Bram" not in as_csv(told, ("wanneer",), {})
    assert len(events(house, EventKind.ACCESS_LOG_SEEN)) == 6


def test_csv_cells_are_no_formulas() -> None:
    from dms.services.rights.access_log import neutral

    assert [neutral(x) for x in ("=1+1", "+31", "-1", "@x", "\tx", "\rx", "gewoon", "")] == [
        "'=1+1", "'+31", "'-1", "'@x", "'\tx", "'\rx", "gewoon", "",
    ]  # fmt: skip


def test_many_dossiers_and_nights_stand_out() -> None:
    from datetime import UTC, datetime

    from dms.services.rights.unusual import MANY, at_night, many_at_once

    who, other = UUID(int=1), UUID(int=2)
    noon = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    quick = [(who, UUID(int=100 + n), noon + timedelta(seconds=20 * n)) for n in range(MANY)]
    slow = [(other, UUID(int=100 + n), noon + timedelta(minutes=n)) for n in range(MANY)]
    again = [(who, UUID(int=100), noon + timedelta(hours=1, seconds=n)) for n in range(MANY)]
    assert many_at_once([*quick, *slow, *again]) == [(who, noon, MANY)]
    assert many_at_once(quick[1:]) == []
    night = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert at_night([(who, UUID(int=1), noon)]) == []
    found = at_night([(who, UUID(int=1), night), (who, UUID(int=2), night + timedelta(hours=2))])
    assert found == [(who, night, 2)], "one night, though two dates"
    assert at_night([(who, None, datetime(2026, 11, 20, 5, 0, tzinfo=UTC))]) == []
    assert len(at_night([(who, None, datetime(2026, 11, 20, 21, 0, tzinfo=UTC))])) == 1


def test_what_is_open_to_families_is_the_school_s_to_say(house: House, desk: RightsDesk) -> None:
    gijs, hanna = house.by("gijs"), house.by("hanna")
    with house.app.database.read() as session:
        gate = Gate(session, hanna.user_id, house.app.clock.today())
        pupil = next(x.pupil_id for x in gate.actor.children if x.entitled)
        dossier = session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil)).one()

    def reads(code: str) -> bool:
        with house.app.database.read() as session:
            gate = Gate(session, hanna.user_id, house.app.clock.today())
            return gate.scope(Action.READ).admits(gate.place_for(dossier, code, Level.L2))

    assert (reads("OND-03"), reads("GES-01")) == (True, True)
    with pytest.raises(Refused):
        desk.families.set_modules(house.by("dirk"), BRIN, {"rapport": (False, 18)})
    for wrong in ({"rapport": (True, 17)}, {"anders": (True, 16)}):
        with pytest.raises(BadInput):
            desk.families.set_modules(gijs, BRIN, wrong)
    desk.families.set_modules(gijs, BRIN, {"rapport": (False, 18)})
    assert (reads("OND-03"), reads("GES-01")) == (False, True)
    shown = {x.code: x.is_open for x in desk.families.modules(gijs, BRIN)}
    assert shown["rapport"] is False
    desk.families.set_modules(gijs, BRIN, {"rapport": (True, 18)})
    assert reads("OND-03")


def test_a_pupil_given_to_a_colleague_counts_for_lines_that_say_so(house: House, desk: RightsDesk) -> None:
    gijs, bram = house.by("gijs"), house.by("bram")
    number = number_in(house, "groep 4")
    document = file(house, number, "GES-01")
    draft = desk.matrix.start(gijs, BRIN)
    draft = desk.matrix.set_line(
        gijs, BRIN, draft.row_version, None, line("mentor", "GES-*", "see read", reach=Reach.OWN_PUPILS)
    )
    desk.matrix.adopt(gijs, BRIN, draft.row_version, REASON)
    assert not sees(house, "bram", document)
    with pytest.raises(Refused):
        desk.families.give_number(bram, BRIN, bram.user_id, number)
    with pytest.raises(NotFound):
        desk.families.give_number(gijs, BRIN, house.by("mees").user_id, number)
    with pytest.raises(NotFound):
        desk.families.give_number(gijs, BRIN, bram.user_id, "geen")
    given = desk.families.give_number(gijs, BRIN, bram.user_id, number)
    assert sees(house, "bram", document, Action.READ)
    assert [first(x.user) for x in desk.families.given_pupils(gijs, BRIN)] == ["Bram"]
    desk.families.take_pupil(gijs, BRIN, given)
    assert not sees(house, "bram", document)
