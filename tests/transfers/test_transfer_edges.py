"""The edge cases of handing over: who is entitled, what changes meanwhile, and what may never be inside."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dms.db.tables import (
    CarerRow,
    FormerNameRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    RedactionRow,
    TransferPackageRow,
)
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.ids import new_id
from dms.model.redaction import RedactionState
from dms.model.transfers import SentBy, TransferKind, TransferState, Viewer
from dms.services.catalogue import categories
from tests.houses import OPERATOR
from tests.transfers.transfer_world import TransferWorld


@pytest.fixture
def pupil(world: TransferWorld, request: pytest.FixtureRequest) -> UUID:
    """A pupil of ten years with two parents with authority and one report; another one for each test."""
    used: set[UUID] = world.__dict__.setdefault("used", set())
    with world.app.database.begin() as uow:
        joris = uow.session.get_one(PupilRow, world.pupil("Joris"))
        asked = select(PupilRow).where(
            PupilRow.school_id == joris.school_id, PupilRow.id != joris.id, PupilRow.id.not_in(used)
        )
        row = uow.session.scalars(asked.order_by(PupilRow.number).offset(60).limit(1)).one()
        used.add(row.id)
        row.birth_date, row.birth_date_partial = world.clock.today() - timedelta(days=3700), ""
        uow.session.execute(update(PupilCarerRow).where(PupilCarerRow.pupil_id == row.id).values(authority=False))
        for name in ("Anna", "Bert"):
            carer = CarerRow(
                id=new_id(), school_id=row.school_id, name=f"{name} {row.number}", email="samen@thuis.example"
            )
            uow.session.add(carer)
            uow.session.flush()
            uow.session.add(PupilCarerRow(pupil_id=row.id, carer_id=carer.id, relation="ouder", authority=True))
        found = row.id
    world.paper(found)
    return found


def parents(world: TransferWorld, pupil: UUID) -> list[UUID]:
    """The carers with authority, by name."""
    return [x.carer_id for _, x in sorted(world.links(pupil).items()) if x.authority]


def change(world: TransferWorld, table: type, where: object, **values: object) -> None:
    with world.app.database.begin() as uow:
        uow.session.execute(update(table).where(where).values(**values))  # type: ignore[arg-type]


def ready(world: TransferWorld, pupil: UUID, **more: object) -> UUID:
    package = world.composed(pupil, **more)
    world.seen(package, *parents(world, pupil), **({"consent": True} if more.get("kind") is TransferKind.VOVO else {}))
    assert world.codes(package) == set()
    return package


def test_a_document_added_or_reclassified_after_inspection_closes_the_gate(world: TransferWorld, pupil: UUID) -> None:
    package = ready(world, pupil)
    added = world.paper(pupil, "OND-04", "Advies")
    assert world.codes(package) == {"changed"}
    with pytest.raises(Conflict):
        world.app.transfers.sending.send(OPERATOR, package, SentBy.FILE)
    with pytest.raises(Conflict):
        world.seen(package, parents(world, pupil)[0])
    world.app.transfers.composing.freeze(world.house.by("anouk"), package)
    assert world.codes(package) == {"not_seen"}  # who saw the first one has not seen this one
    assert {x.document_id for x in world.view(package).papers if x.included} >= {added}
    world.seen(package, *parents(world, pupil))
    assert world.codes(package) == set()
    with world.app.database.read() as session:
        known = categories(session, session.scalars(select(PlacementRow.board_id).limit(1)).first())["ADM-08"]
    change(
        world, PlacementRow, PlacementRow.document_id == added, category="ADM-08", category_version_id=known.version_id
    )
    assert world.codes(package) == {"changed", "not_allowed"}


def test_a_paper_that_may_not_go_does_not_close_the_gate(world: TransferWorld, pupil: UUID) -> None:
    package = ready(world, pupil)
    world.paper(pupil, "ADM-08", "Factuur")
    assert world.codes(package) == set()


def test_a_pupil_who_turns_sixteen_meanwhile_is_asked_and_her_parents_no_more(
    world: TransferWorld, pupil: UUID
) -> None:
    born = world.clock.today().replace(day=1) - timedelta(days=1)
    born = born.replace(year=born.year - 16) + timedelta(days=62)
    change(world, PupilRow, PupilRow.id == pupil, birth_date=born)
    package = ready(world, pupil)
    before = world.clock.at
    try:
        world.clock.at += timedelta(days=70)
        assert world.codes(package) == {"changed", "not_seen"}
        world.app.transfers.composing.freeze(world.house.by("anouk"), package)
        (asked,) = [x for x in world.view(package).inspections if x.entitled]
        assert asked.viewer is Viewer.PUPIL
        with pytest.raises(BadInput):
            world.seen(package, parents(world, pupil)[0])
        world.seen(package, None)
        assert world.codes(package) == set()
        world.clock.at = before + timedelta(days=70 + 731)
        change(world, TransferPackageRow, TransferPackageRow.id == package, registered_on=world.clock.today())
        world.app.transfers.composing.freeze(world.house.by("anouk"), package)
        assert [x.viewer for x in world.view(package).inspections if x.entitled] == [Viewer.PUPIL]  # 18 and over
    finally:
        world.clock.at = before


def test_custody_that_ends_or_begins_asks_again(world: TransferWorld, pupil: UUID) -> None:
    package = ready(world, pupil)
    first, second = parents(world, pupil)
    change(world, PupilCarerRow, PupilCarerRow.carer_id == second, authority_until=world.clock.today())
    assert world.codes(package) == {"changed"}
    world.app.transfers.composing.freeze(world.house.by("anouk"), package)
    assert {x.carer_id for x in world.view(package).inspections} == {first}


def test_without_authority_no_access_who_died_is_left_out_a_guardian_is_asked(
    world: TransferWorld, pupil: UUID
) -> None:
    first, second = parents(world, pupil)
    change(world, CarerRow, CarerRow.id == first, deceased=True)
    change(world, PupilCarerRow, PupilCarerRow.carer_id == second, relation="voogd")
    package = world.composed(pupil)
    assert {x.carer_id for x in world.view(package).inspections} == {second}
    world.seen(package, second)
    world.app.transfers.sending.send(OPERATOR, package, SentBy.FILE)
    content = world.opened(package).content
    assert {(x.relation, x.legal_representative) for x in content.carers if x.legal_representative} == {("voogd", True)}
    assert first not in {x.carer_id for x in world.view(package).inspections}
    change(world, PupilCarerRow, PupilCarerRow.carer_id == second, authority=False)


def test_two_parents_with_one_address_are_asked_each(world: TransferWorld, pupil: UUID) -> None:
    package = world.composed(pupil)
    first, second = parents(world, pupil)
    world.seen(package, first)
    assert world.codes(package) == {"not_seen"}
    world.seen(package, second)
    assert world.codes(package) == set()


def test_a_birth_date_that_is_not_known_makes_no_age(world: TransferWorld, pupil: UUID) -> None:
    born = world.clock.today().year - 16
    change(world, PupilRow, PupilRow.id == pupil, birth_date=None, birth_date_partial=str(born))
    package = world.composed(pupil)
    assert "age_unknown" in world.codes(package)
    assert world.view(package).inspections == ()


def test_between_secondary_schools_consent_of_all_is_needed(world: TransferWorld, pupil: UUID) -> None:
    package = world.composed(pupil, kind=TransferKind.VOVO)
    first, second = parents(world, pupil)
    with pytest.raises(BadInput):
        world.seen(package, first)
    world.seen(package, first, consent=True)
    world.seen(package, second, consent=False, agreed=False)
    assert world.codes(package) == {"consent_refused"}
    world.seen(package, second, consent=True, agreed=False, remark="Vooruit.")
    assert world.codes(package) == set()


def test_not_before_the_pupil_is_registered_there(world: TransferWorld, pupil: UUID) -> None:
    package = world.composed(pupil, registered_on=None)
    world.seen(package, *parents(world, pupil))
    assert world.codes(package) == {"not_registered"}
    world.app.transfers.composing.change(world.house.by("anouk"), package, registered_on=world.clock.today())
    assert world.codes(package) == set()


def test_a_secret_address_is_not_in_the_package_and_an_old_name_neither(world: TransferWorld, pupil: UUID) -> None:
    change(
        world, PupilRow, PupilRow.id == pupil, address_secret=True, email="kind@geheim.example", surname="Nieuwenhuis"
    )
    with world.app.database.begin() as uow:
        uow.session.add(
            FormerNameRow(pupil_id=pupil, given_name="Oudnaam", prefix="", surname="Vroeger", until=uow.today)
        )
    package = ready(world, pupil)
    world.app.transfers.sending.send(OPERATOR, package, SentBy.FILE)
    found = world.opened(package)
    text = b"".join(found.chunks("dossier.xml")).decode()
    assert "geheim.example" not in text
    assert "thuis.example" not in text
    assert "Oudnaam" not in text
    assert "Vroeger" not in text
    assert "Nieuwenhuis" in text
    assert found.content.pupil.address_secret


def test_a_pupil_with_one_name_is_handed_over_too(world: TransferWorld, pupil: UUID) -> None:
    change(world, PupilRow, PupilRow.id == pupil, given_name="Noor-Fleur", first_names="", prefix="", surname="")
    package = ready(world, pupil)
    world.app.transfers.sending.send(OPERATOR, package, SentBy.FILE)
    content = world.opened(package).content
    assert (content.pupil.given_name, content.pupil.surname) == ("Noor-Fleur", "")


def test_a_samenwerkingsverband_gets_no_bsn(world: TransferWorld, pupil: UUID) -> None:
    anouk = world.house.by("anouk")
    paper = world.paper(pupil, "OND-03", "Rapport met BSN 111222333")
    package = world.app.transfers.composing.compose(anouk, pupil, world.order(TransferKind.POSWV))
    assert "bsn_in_documents" in world.codes(package)
    with world.app.database.read() as session:
        asked = session.scalars(select(RedactionRow).where(RedactionRow.document_id == paper)).all()
    assert len(asked) == 1  # a copy was asked for by itself
    with pytest.raises(Conflict) as fault:
        world.app.transfers.composing.freeze(anouk, package)
    assert fault.value.code == "not_redacted"
    change(world, RedactionRow, RedactionRow.school_id == asked[0].school_id, state=RedactionState.FOUND_NOTHING)
    world.app.transfers.composing.freeze(anouk, package)
    world.seen(package, *parents(world, pupil))
    world.app.transfers.sending.send(OPERATOR, package, SentBy.FILE)
    content = world.opened(package).content
    assert (content.pupil.bsn, content.pupil.education_number) == ("", "")
    assert "Rapport met BSN •••••••••" in {x.title for x in content.documents}


def test_leaving_itself_is_no_change_of_the_dossier(world: TransferWorld, pupil: UUID) -> None:
    from dms.db.tables import EnrolmentRow, GroupPlacementRow

    package = ready(world, pupil)
    change(world, EnrolmentRow, EnrolmentRow.pupil_id == pupil, until=world.clock.today())
    change(world, GroupPlacementRow, GroupPlacementRow.pupil_id == pupil, until=world.clock.today())
    assert world.codes(package) == set()
    assert world.view(package).line.state is TransferState.FROZEN
