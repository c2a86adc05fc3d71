"""What a list would do, from the database: shared documents, who still uses it, sole evidence, remains, own data."""

from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from dms.db.tables import (
    DossierRow,
    ExitOrderRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    RedactionRow,
    ShieldPersonRow,
    ShieldRow,
    SigningAnswerRow,
    SigningRequestRow,
    SubjectRequestRow,
    TemporaryAccessRow,
    TransferInspectionRow,
    TransferPackageRow,
    VersionUploadRow,
)
from dms.model.documents import UploadState
from dms.model.events import Event, EventKind
from dms.model.exits import ExitState
from dms.model.redaction import RedactionGround, RedactionState
from dms.model.requests import Asker, RequestKind, RequestState
from dms.model.retention import HoldOn
from dms.model.signing import SigningState
from dms.model.transfers import InspectionWay, TransferKind, TransferState, Viewer
from retention.service.consequences import Consequences, ProofOf
from retention.service.consequences_asks import asks_about_pupils, blocked
from retention.service.holds_place import HoldTarget
from retention.service.lists_compose import Selection
from tests.disposal.disposal_world import MovedClock, left_pupil
from tests.houses import BRIN, OPERATOR, House
from tests.retention.retention_world import file, placement

pupils = count()


@pytest.fixture
def world(kept_house: tuple[House, MovedClock]) -> House:
    """The house."""
    return kept_house[0]


def also_in(house: House, document_id: UUID, pupil_id: UUID) -> UUID:
    """Put a document in the dossier of one more pupil; the placement."""
    with house.app.database.begin() as uow:
        there = uow.session.scalars(select(PlacementRow).where(PlacementRow.document_id == document_id)).one()
        dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == pupil_id)).one()
        kept = {"id", "dossier_id", "pupil_id"}
        values = {x.key: getattr(there, x.key) for x in PlacementRow.__mapper__.column_attrs if x.key not in kept}
        row = PlacementRow(id=uuid4(), dossier_id=dossier.id, pupil_id=pupil_id, **values)
        uow.session.add(row)
        uow.record(Event(EventKind.DOCUMENT_PLACED, OPERATOR, row.board_id, object_id=document_id))
        return row.id


def of(house: House, *papers: UUID, who: str = "femke") -> Consequences:
    """The consequences of a list of these."""
    made = house.app.disposal.lists.propose(house.by("femke"), BRIN, "Gevolgen", Selection(papers), submit=False)
    found = house.app.disposal.consequences.of_list(house.by(who), made.list_id)
    house.app.disposal.lists.abort(house.by("femke"), made.list_id, "einde van de proef")
    return found


def test_a_shared_document_goes_with_its_last_place_only(world: House) -> None:
    mine, theirs = left_pupil(world, next(pupils)), left_pupil(world, next(pupils))
    (one,) = file(world, mine, "OND-05")
    first = placement(world, one).id
    second = also_in(world, one, theirs)
    part = of(world, first)
    assert [(x.document_id, x.going, x.others, x.stays) for x in part.shared] == [(one, 1, 1, True)]
    assert (part.shared_count, part.staying_count, part.titles[one]) == (1, 1, "OND-05 0")
    whole = of(world, first, second)
    assert [(x.going, x.others, x.stays) for x in whole.shared] == [(2, 0, False)]
    assert (whole.dossier_count, whole.empty_count) == (2, 2)


def test_who_still_uses_it_is_told_and_stands_in_the_way(world: House) -> None:
    pupil = left_pupil(world, next(pupils))
    opened, read, shielded = (placement(world, x) for x in file(world, pupil, "OND-05", count=3))
    now, today = world.app.clock.now(), world.app.clock.today()
    with world.app.database.begin() as uow:
        uow.session.add(
            TemporaryAccessRow(
                board_id=opened.board_id,
                school_id=opened.school_id,
                user_id=world.by("bram").user_id,
                condition="reden",
                pupil_id=pupil,
                document_id=opened.document_id,
                reason="overleg",
                since=now - timedelta(hours=1),
                until=now + timedelta(hours=3),
            )
        )
        uow.session.add(
            VersionUploadRow(
                document_id=read.document_id,
                number=2,
                file_name="nieuw.pdf",
                size=1,
                digest="x",
                object_key=f"x/{read.id}",
                state=UploadState.WAITING,
                created_at=now,
            )
        )
        shield = ShieldRow(
            board_id=shielded.board_id, document_id=shielded.document_id, reason="gevoelig", created_at=now
        )
        uow.session.add(shield)
        uow.flush()
        uow.session.add(ShieldPersonRow(shield_id=shield.id, user_id=world.by("femke").user_id))
        uow.record(Event(EventKind.SHIELD_PLACED, OPERATOR, shielded.board_id, object_id=shield.id))
    found = of(world, opened.id, read.id, shielded.id)
    told = {ask.reason.code: (place.placement_id, ask.blocking) for place, ask in found.asks}
    assert told == {
        "temporary_access": (opened.id, True),
        "new_version": (read.id, True),
        "shield": (shielded.id, False),
    }
    assert (found.ask_count, found.blocking_count) == (3, 2)
    with world.app.database.read() as session:
        ids = [opened.id, read.id, shielded.id]
        stops = blocked(session, ids, now, today)
        assert {k: v.code for k, v in stops.items()} == {opened.id: "temporary_access", read.id: "new_version"}
        assert set(blocked(session, ids, now + timedelta(hours=4), today)) == {read.id}


def test_sole_evidence_and_what_is_left(world: House) -> None:
    pupil = left_pupil(world, next(pupils))
    proof, last = (file(world, pupil, x)[0] for x in ("GES-01", "OND-03"))
    gone, left = file(world, pupil, "OND-05", count=2)
    with world.app.database.begin() as uow:
        carer = uow.session.scalars(select(PupilCarerRow).where(PupilCarerRow.pupil_id == pupil)).first()
        if carer is None:
            pytest.fail("the pupil has no carer")
        uow.session.execute(update(PupilCarerRow).where(PupilCarerRow.id == carer.id).values(proof_document_id=proof))
        uow.record(Event(EventKind.CARER_SAVED, OPERATOR, None, pupil_id=pupil))
    found = of(world, *(placement(world, x).id for x in (proof, last, gone)))
    assert [(x.document_id, x.pupil_id) for x in found.proofs] == [(proof, pupil)]
    assert {(x.category, x.going) for x in found.last_of_kind} == {("GES-01", 1), ("OND-03", 1)}
    (remains,) = found.remains
    assert (remains.going, dict(remains.left), remains.empty) == (3, {"OND-05": 1}, False)
    assert placement(world, left).id not in {x.placement_id for x, _ in found.asks}


def test_the_pupils_own_data_wait_for_the_last_document(world: House) -> None:
    nth = next(pupils)
    pupil = left_pupil(world, nth)
    first, second = (placement(world, x).id for x in file(world, pupil, "OND-05", count=2))
    alone = of(world, first, second).own_data[0]
    assert (alone.pupil_id, alone.due_from) == (pupil, date(2024, 8, 1))  # five years: the rule for name and address
    file(world, pupil, "OND-08")
    (blocked_rule,) = of(world, first, second).own_data
    assert (blocked_rule.due_from, blocked_rule.reason.code) == (None, "something_stays")
    hold = world.app.retention.holds.add(
        world.by("dirk"), HoldTarget(HoldOn.CATEGORY, "ADM-03", BRIN), "nieuwe regel komt eraan"
    )
    (held,) = of(world, first, second).own_data
    assert (held.due_from, held.reason.code) == (None, "held")
    world.app.retention.holds.release(world.by("dirk"), hold.id, "regel is er")


def test_nothing_of_a_dossier_out_of_sight_is_told(world: House) -> None:
    pupil = left_pupil(world, next(pupils))
    seen, hidden = (placement(world, file(world, pupil, x)[0]).id for x in ("OND-05", "VEI-04"))
    with world.app.database.begin() as uow:  # a recording whose term is over, of a level that a head does not see
        uow.session.execute(update(PlacementRow).where(PlacementRow.id == hidden).values(category="OND-05", level=4))
        uow.record(Event(EventKind.DOCUMENT_REPLACED, OPERATOR, None))
    assert of(world, seen, hidden).items == 2
    found = of(world, seen, hidden, who="dirk")
    assert found.items == 1
    with world.app.database.read() as session:
        assert session.get_one(PupilRow, pupil).id in found.pupils


def test_what_lies_before_others_stands_in_the_way_until_it_ends(world: House) -> None:
    nth = next(pupils)
    pupil = left_pupil(world, nth)
    signed, worked, looked, asked = (placement(world, x) for x in file(world, pupil, "OND-05", count=4))
    now, today = world.app.clock.now(), world.app.clock.today()
    place = {"board_id": signed.board_id, "school_id": signed.school_id}
    who = world.by("femke").user_id
    assert who is not None
    signing = SigningRequestRow(
        document_id=signed.document_id,
        pupil_id=pupil,
        version=1,
        asked_by=who,
        asked_at=now,
        ends_on=today,
        state=SigningState.OPEN,
        **place,
    )
    copies = [
        RedactionRow(
            document_id=x.document_id,
            version=1,
            number=1,
            ground=RedactionGround.BY_HAND,
            state=state,
            available_at=now,
            asked_at=now,
            **place,
        )
        for x, state in ((worked, RedactionState.CONFIRMED), (looked, RedactionState.TO_REVIEW))
    ]
    order = ExitOrderRow(
        state=ExitState.OPEN, ordered_by=who, ordered_at=now, expires_at=now + timedelta(days=1), **place
    )
    request = SubjectRequestRow(
        pupil_id=pupil,
        number=901,
        kind=RequestKind.ERASURE,
        state=RequestState.OPEN,
        asker=Asker.PUPIL,
        received_on=today,
        due_on=today,
        created_at=now,
        **place,
    )
    every = [signed.id, worked.id, looked.id, asked.id]

    def stops() -> dict[UUID, str]:
        with world.app.database.read() as session:
            return {k: v.code for k, v in blocked(session, every, now, today).items()}

    def stops_pupil() -> str:
        with world.app.database.read() as session:
            found = asks_about_pupils(session, [pupil], now).get(pupil)
        return found.code if found else ""

    def save(*rows: object) -> None:
        with world.app.database.begin() as uow:
            uow.session.add_all(rows)
            uow.record(Event(EventKind.DISPOSAL_REVIEWED, OPERATOR, None))

    def change(row: type, **values: object) -> None:
        with world.app.database.begin() as uow:
            uow.session.execute(update(row).values(**values))
            uow.record(Event(EventKind.DISPOSAL_REVIEWED, OPERATOR, None))

    save(signing, *copies, request)
    told = {(x.placement_id, y.reason.code): y.blocking for x, y in of(world, *every).asks}
    assert told == {
        (signed.id, "signing"): True,
        (worked.id, "redaction"): True,
        (looked.id, "redaction_review"): False,
        **{(x, "erasure_request"): False for x in every},
    }
    assert (stops(), stops_pupil()) == ({signed.id: "signing", worked.id: "redaction"}, "subject_request")
    change(SigningRequestRow, state=SigningState.ENDED)
    change(RedactionRow, state=RedactionState.DONE)
    assert stops() == {}
    change(SubjectRequestRow, kind=RequestKind.RECTIFICATION)  # its hold was released by somebody
    assert set(stops().values()) == {"subject_request"}
    change(SubjectRequestRow, state=RequestState.DECIDED)
    assert (stops(), stops_pupil()) == ({}, "")
    save(order)
    assert (set(stops().values()), stops_pupil()) == ({"exit"}, "exit")
    change(ExitOrderRow, state=ExitState.WITHDRAWN)
    package = TransferPackageRow(
        pupil_id=pupil,
        kind=TransferKind.POVO,
        receiver_brin="99YY",
        state=TransferState.SENT,
        created_at=now,
        **place,
    )
    save(package)
    assert (stops(), stops_pupil()) == ({}, "open_transfer")  # it holds none of these documents
    change(TransferPackageRow, state=TransferState.CONFIRMED)
    assert stops_pupil() == ""


def test_papers_that_prove_what_stays_are_sole_evidence(world: House) -> None:
    pupil = left_pupil(world, next(pupils))
    plan, signature, inspection = (placement(world, x) for x in file(world, pupil, "OND-05", count=3))
    place = {"board_id": plan.board_id, "school_id": plan.school_id, "pupil_id": pupil}
    now, today = world.app.clock.now(), world.app.clock.today()
    with world.app.database.begin() as uow:
        signing = SigningRequestRow(
            document_id=plan.document_id,
            version=1,
            asked_by=world.by("femke").user_id,
            asked_at=now,
            ends_on=today,
            state=SigningState.COMPLETE,
            **place,
        )
        package = TransferPackageRow(
            kind=TransferKind.POVO, receiver_brin="99YY", state=TransferState.CONFIRMED, created_at=now, **place
        )
        uow.session.add_all([signing, package])
        uow.flush()
        uow.session.add(SigningAnswerRow(request_id=signing.id, proof_document_id=signature.document_id))
        uow.session.add(
            TransferInspectionRow(
                package_id=package.id,
                pupil_id=pupil,
                number=1,
                viewer=Viewer.PUPIL,
                seen_on=today,
                agreed=True,
                way=InspectionWay.PAPER,
                proof_document_id=inspection.document_id,
                created_at=now,
            )
        )
        uow.record(Event(EventKind.DISPOSAL_REVIEWED, OPERATOR, None))
    found = of(world, signature.id, inspection.id)
    assert {(x.document_id, x.of) for x in found.proofs} == {
        (signature.document_id, ProofOf.SIGNATURE),
        (inspection.document_id, ProofOf.INSPECTION),
    }
    assert found.proof_count == 2
    whole = of(world, plan.id, signature.id)  # with the plan itself goes what it needed a proof of
    assert (whole.proofs, whole.proof_count) == ((), 0)
