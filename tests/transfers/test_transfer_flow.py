"""From composing to the receipt, on the real services."""

import io

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow, PupilRow, TransferPackageRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.transfers import InspectionWay, SentBy, TransferState, Viewer
from dms.services.destroying.documents import shrink_documents
from dms.services.transfers.shapes import Answer
from dms.wire.transfer_package import open_package
from rights.rules.transfer_gate import Going
from tests.houses import OPERATOR
from tests.transfers.transfer_world import TransferWorld


def test_joris_moves_after_both_parents_saw_his_package(world: TransferWorld) -> None:
    joris, anouk = world.pupil("Joris"), world.house.by("anouk")
    report = world.paper(joris, "OND-03", "Rapport groep 7", b"%PDF-1.7 a", fields={"periode": "2"})
    plan = world.paper(joris, "ZRG-03", "Ontwikkelingsperspectief", b"%PDF-1.7 b")
    notes = world.paper(joris, "GES-01", "Gesprek met moeder", b"%PDF-1.7 c")
    bill = world.paper(joris, "ADM-08", "Factuur overblijf", b"%PDF-1.7 d")
    itself = world.paper(joris, "OND-04", "Advies", b"%PDF-1.7 e", confirmed=False)
    package = world.app.transfers.composing.compose(world.house.by("carla"), joris, world.order(advice="vwo"))
    going = {x.document_id: (x.going, x.reason.code) for x in world.view(package, "carla").papers}
    assert going[report] == (Going.ALONG, "along")
    assert going[notes][0] is Going.CHOSEN
    assert going[itself] == (Going.NEVER, "unconfirmed")
    assert bill not in going  # the care coordinator does not see bills
    assert {x.document_id for x in world.view(package, "carla").papers if x.included} == {report, plan}
    assert world.codes(package) >= {"not_frozen", "not_seen"}
    with pytest.raises(Refused):
        world.app.transfers.composing.freeze(anouk, package)  # she may not share what the care coordinator put in
    assert world.app.transfers.composing.freeze(world.house.by("carla"), package)
    hanna, ivo = world.carer("Hanna"), world.carer("Ivo")
    assert {x.carer_id for x in world.view(package, "carla").inspections} == {hanna, ivo}
    world.seen(package, hanna)
    with pytest.raises(Conflict) as fault:
        world.app.transfers.sending.send(world.house.by("carla"), package, SentBy.FILE)
    assert fault.value.code == "not_seen"
    world.seen(package, ivo, agreed=False, remark="Het gesprek van mei ontbreekt.")
    control = world.app.transfers.sending.send(world.house.by("carla"), package, SentBy.FILE)
    with pytest.raises(Refused):
        world.app.transfers.sending.give(anouk, package)
    packed = world.app.transfers.sending.give(OPERATOR, package)
    first = b"".join(packed.open())
    found = open_package(io.BytesIO(first))
    assert first == b"".join(packed.open())
    assert len(first) == packed.size
    assert found.control == control
    inside = {x.document_id: x for x in found.content.documents}
    assert {k: b"".join(found.chunks(x.path)) for k, x in inside.items()} == {
        report: b"%PDF-1.7 a",
        plan: b"%PDF-1.7 b",
    }
    assert dict(inside[report].fields) == {"periode": "2"}
    assert found.content.pupil.advice == "vwo"
    assert found.content.pupil.gender == "man"
    assert {(x.name.split()[0], x.agreed, x.remark) for x in found.manifest.inspections} == {
        ("Hanna", True, ""), ("Ivo", False, "Het gesprek van mei ontbreekt."),
    }  # fmt: skip
    with world.app.database.read() as session:
        bsn = session.get_one(PupilRow, joris).bsn_sealed
        assert bsn is not None
        kinds = set(session.scalars(select(AuditEventRow.kind).where(AuditEventRow.object_id == package)))
    assert found.content.pupil.bsn == world.app.vault.unseal(joris, "bsn", bsn).decode()
    assert {x.value for x in kinds} >= {"transfer.composed", "transfer.frozen", "transfer.inspected", "transfer.sent"}
    world.app.transfers.sending.confirm(OPERATOR, package, "ontvangst 77")
    assert world.view(package, "carla").line.state is TransferState.CONFIRMED
    assert world.view(package, "carla").receipt == "ontvangst 77"
    with pytest.raises(Conflict):
        world.app.transfers.sending.withdraw(OPERATOR, package, "te laat")


def test_who_is_no_part_of_it_finds_nothing(world: TransferWorld) -> None:
    sanne = world.spare(40)
    world.paper(sanne)
    package = world.composed(sanne)
    for name in ("mees", "gijs"):
        with pytest.raises(NotFound):
            world.app.transfers.listing.one(world.house.by(name), package)
    for name in ("bram", "femke", "esra"):
        with pytest.raises((NotFound, Refused)):
            world.app.transfers.listing.one(world.house.by(name), package)
    with pytest.raises(NotFound):
        world.app.transfers.inspecting.show(world.house.by("hanna"), package)


def test_one_at_a_time_to_one_receiver_and_a_withdrawn_one_is_served_no_more(world: TransferWorld) -> None:
    pupil, anouk = world.spare(41), world.house.by("anouk")
    world.paper(pupil)
    package = world.composed(pupil)
    with pytest.raises(Conflict) as fault:
        world.composed(pupil)
    assert fault.value.code == "under_way"
    with pytest.raises(BadInput):
        world.composed(pupil, to="99XX")
    _all_seen(world, package)
    world.app.transfers.sending.send(anouk, package, SentBy.LINK)
    assert world.app.transfers.sending.served(package).size > 100
    world.app.transfers.sending.withdraw(anouk, package, "verhuisd naar een andere school")
    with pytest.raises(NotFound):
        world.app.transfers.sending.served(package)
    with world.app.database.read() as session:
        assert session.get_one(TransferPackageRow, package).sealed is None
    world.composed(pupil)


def test_parents_see_the_whole_package_and_answer_in_the_portal(world: TransferWorld) -> None:
    joris, carla = world.pupil("Joris"), world.house.by("carla")
    world.paper(joris, "OND-03", "Tweede rapport", b"%PDF-1.7 twee")
    package = world.composed(joris, "carla", to="13CD")
    hanna, karim = world.house.by("hanna"), world.house.by("karim")
    inspecting = world.app.transfers.inspecting
    assert package in inspecting.for_person(hanna.user_id)
    assert inspecting.for_person(karim.user_id) == ()
    shown = inspecting.show(hanna, package)
    assert "Tweede rapport" in {x.title for x in shown.files}
    assert ("BSN", shown.data[[k for k, _ in shown.data].index("BSN")][1]) in shown.data
    assert not any("ivo@" in x for x in shown.carers)
    assert any("hanna@" in x for x in shown.carers)
    nth = next(x.number for x in shown.files if x.title == "Tweede rapport")
    assert b"".join(inspecting.file(hanna, package, nth).chunks) == b"%PDF-1.7 twee"
    for outsider in (karim, world.house.by("lotte"), carla):
        with pytest.raises(NotFound):
            inspecting.show(outsider, package)
        with pytest.raises(NotFound):
            inspecting.file(outsider, package, 1)
        with pytest.raises(NotFound):
            inspecting.answer(outsider, package, Answer(Viewer.CARER, world.carer("Hanna"), True))
    inspecting.answer(hanna, package, Answer(Viewer.PUPIL, None, False, remark="Graag ook het plan."))
    line = next(x for x in world.view(package, "carla").inspections if x.carer_id == world.carer("Hanna"))
    assert (line.agreed, line.remark, line.way) == (False, "Graag ook het plan.", InspectionWay.PORTAL)
    assert inspecting.show(hanna, package).mine is not None


def test_many_at_once_one_that_cannot_stops_nobody(world: TransferWorld) -> None:
    some = [world.spare(40 + x) for x in (2, 3, 4)]
    world.paper(some[0])
    world.paper(some[2])
    done = world.app.transfers.compose_many(world.house.by("anouk"), some, world.order())
    assert [x.frozen for x in done] == [True, False, True]
    assert done[1].reason is not None
    assert done[1].reason.code == "nothing_chosen"


def test_a_destroyed_document_empties_the_snapshots_that_told_of_it(world: TransferWorld) -> None:
    pupil = world.spare(45)
    paper = world.paper(pupil)
    package = world.composed(pupil)
    _all_seen(world, package)
    world.app.transfers.sending.send(world.house.by("anouk"), package, SentBy.FILE)
    world.app.vault.destroy_key(paper)
    with world.app.database.begin() as uow:
        shrink_documents(uow, [paper])
    with pytest.raises(Conflict) as fault:
        world.app.transfers.sending.give(OPERATOR, package)
    assert fault.value.code == "not_whole"
    with pytest.raises(NotFound):
        world.app.transfers.sending.served(package)


def test_leavers_are_listed_with_the_state_of_their_packages(world: TransferWorld) -> None:
    lines = world.app.transfers.listing.leavers(world.house.by("anouk"), "99XX")
    around = world.clock.today()
    assert all(abs((x.leaves_on - around).days) <= 120 for x in lines)
    assert world.app.transfers.listing.leavers(world.house.by("mees"), "99XX") == ()
    under_way = world.app.transfers.listing.of_school(world.house.by("anouk"), "99XX")
    ended = world.app.transfers.listing.of_school(world.house.by("anouk"), "99XX", ended=True)
    assert {x.state for x in under_way} <= {TransferState.CONCEPT, TransferState.FROZEN, TransferState.SENT}
    assert not {x.id for x in under_way} & {x.id for x in ended}


def _all_seen(world: TransferWorld, package: object) -> None:
    view = world.view(package)
    world.seen(package, *(x.carer_id for x in view.inspections if x.entitled))
