"""What becomes of links: their makers hear of it, they hold destruction back, and go with what they opened."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from dms.db.tables import (
    DossierRow,
    LetterChoiceRow,
    LetterRow,
    PlacementRow,
    PupilRow,
    ScopedLinkRow,
)
from dms.model.documents import PlacementState
from dms.model.letters import LetterKind
from dms.model.links import LinkEnd, LinkLife
from dms.services.destroying.links import drop_links_of, end_empty_links
from dms.services.links import letters
from retention.service.consequences_asks import blocked
from tests.links.links_world import LinkWorld


def test_the_maker_hears_once_that_somebody_looked_and_that_it_was_locked(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    made = shared.share("carla", pupil, shared.papers(pupil))
    app, carla = shared.house.app, shared.house.by("carla")
    before = app.link_lists.unseen(carla)
    for first in (True, False):
        with app.database.begin() as uow:
            assert letters.first_view(uow, uow.session.get_one(ScopedLinkRow, made.link_id)) is first
            assert letters.locked(uow, uow.session.get_one(ScopedLinkRow, made.link_id)) is first
    assert app.link_lists.unseen(carla) == before + 1
    assert shared.worth(made).life is LinkLife.LOCKED
    with app.database.read() as session:
        asked = select(LetterRow.kind).where(LetterRow.user_id == carla.user_id)
        assert [x.value for x in session.scalars(asked)] == ["link.locked"]
    app.link_pages.told(shared.house.by("anouk"), made.link_id)
    assert app.link_lists.unseen(carla) == before + 1
    app.link_pages.told(carla, made.link_id)
    assert app.link_lists.unseen(carla) == before


def test_who_wants_it_hears_once_that_links_are_about_to_end(shared: LinkWorld) -> None:
    pupil, app, dirk = shared.pupil(), shared.house.app, shared.house.by("dirk")
    papers = shared.papers(pupil)
    with app.database.begin() as uow:
        uow.session.add(LetterChoiceRow(user_id=dirk.user_id, kind=LetterKind.LINK_EXPIRING))
    made = [shared.share("dirk", pupil, papers, days=10) for _ in range(2)]
    short = shared.share("dirk", pupil, papers, days=2)
    assert not shared.row(made[0]).ending_told_at
    before = shared.clock.ahead
    try:
        assert app.link_expiry.tell() >= 1
        shared.clock.ahead = before + timedelta(days=8)
        assert app.link_expiry.tell() >= 2
        assert app.link_expiry.tell() == 0
    finally:
        shared.clock.ahead = before
    assert shared.row(made[1]).ending_told_at
    assert shared.row(short).ending_told_at
    with app.database.read() as session:
        letters_of = select(LetterRow).where(LetterRow.user_id == dirk.user_id, LetterRow.kind == "link.expiring")
        (letter,) = session.scalars(letters_of)
    assert (letter.params["count"], letter.params["page"]) == (2, "/deellinks")


def test_an_open_link_holds_what_would_be_destroyed(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    listed, followed, free = (shared.papers(pupil, x)[0] for x in ("OND-05", "GES-01", "ADM-02"))
    made = shared.share("carla", pupil, [listed])
    part = shared.share("carla", pupil, categories=("GES-01",), live=True)
    app = shared.house.app
    with app.database.read() as session:
        places = {
            x.document_id: x.id for x in session.scalars(select(PlacementRow).where(PlacementRow.pupil_id == pupil))
        }

        def held() -> set[UUID]:
            found = blocked(session, places.values(), shared.clock.now(), shared.clock.today())
            return {x for x in places if places[x] in found and found[places[x]].code == "link"}

        assert held() == {listed, followed}
    app.links.revoke(shared.house.by("carla"), made.link_id)
    with app.database.read() as session:
        assert held() == {followed}
    before = shared.clock.ahead
    shared.clock.ahead = before + timedelta(days=15)
    try:
        with app.database.read() as session:
            assert held() == set()
    finally:
        shared.clock.ahead = before
    assert shared.worth(part).serves
    assert free in places


def test_a_link_of_which_nothing_is_left_forgets_for_whom_it_was(shared: LinkWorld) -> None:
    pupil = shared.pupil()
    one, two = shared.papers(pupil, count=2)
    both, single = shared.share("carla", pupil, [one, two]), shared.share("carla", pupil, [one])
    with shared.house.app.database.begin() as uow:
        place = uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == one)).one()
        place.state = PlacementState.DESTROYED
        uow.flush()
        end_empty_links(uow, [place.id])
    assert (shared.row(single).recipient_sealed, shared.row(single).purpose) == (None, "")
    assert shared.row(single).revoked_for is LinkEnd.DESTROYED
    assert shared.row(both).recipient_sealed is not None
    assert shared.opens(both) == {two}
    (view,) = (
        x for x in shared.house.app.link_lists.mine(shared.house.by("carla"), ended=True) if x.id == single.link_id
    )
    assert view.recipient == ""


def test_links_go_with_their_pupil(shared: LinkWorld) -> None:
    pupil, other = shared.pupil(), shared.pupil()
    papers = shared.papers(pupil)
    shared.share("carla", pupil, papers)
    shared.share("carla", pupil, categories=("OND-05",), live=True)
    moved = shared.papers(other)
    kept = shared.share("carla", other, moved)
    with shared.house.app.database.begin() as uow:
        dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil)).one()
        uow.session.execute(
            update(PlacementRow)
            .where(PlacementRow.document_id.in_(moved))
            .values(pupil_id=pupil, dossier_id=dossier.id)
        )
        drop_links_of(uow.session, pupil)
        uow.session.execute(delete(PlacementRow).where(PlacementRow.pupil_id == pupil))
        left = uow.session.scalar(select(func.count()).where(ScopedLinkRow.pupil_id == pupil))
        assert uow.session.get(PupilRow, pupil) is not None
    assert left == 0
    assert shared.opens(kept) == set()
