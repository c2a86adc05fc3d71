"""A plan is put before who is entitled, they answer, and what they said stays with the plan."""

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

import pypdf
import pytest
from sqlalchemy import select, update

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    DocumentVersionRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    RenditionRow,
    SignInBudgetRow,
    SigningRequestRow,
)
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.model.documents import Source
from dms.model.letters import LetterKind
from dms.model.signing import Answer, Method, SigningState
from dms.services.renditions import Rendition
from dms.services.signing.statement import _answer
from dms.services.tools import digest_scope
from tests.houses import BRIN, PASSWORD
from tests.signing.signing_world import SigningWorld

pytestmark = pytest.mark.slow


def test_both_parents_sign_and_the_statement_lies_with_the_plan(world: SigningWorld, plan: UUID) -> None:
    signing, carla = world.house.app.signing, world.house.by("carla")
    signing.following.turn()  # what other tests left
    world.choose("ivo", [])
    world.choose("hanna", [LetterKind.SIGNING_ASKED])
    asked, heard = world.letters(LetterKind.SIGNING_ASKED), world.letters(LetterKind.SIGNING_ANSWERED)
    world.choose("carla", [LetterKind.SIGNING_ANSWERED])
    page = signing.asking.page(carla, plan)
    assert [x for x, _ in page.people] == ["Hanna Kuipers", "Ivo Hazelhoff"]
    request = world.only(plan)
    assert world.letters(LetterKind.SIGNING_ASKED) == asked + 1, "Ivo did not ask for mail"
    with pytest.raises(Conflict):
        world.ask(plan)
    for name in ("hanna", "ivo"):
        (mine,) = (x for x in signing.answering.mine(world.house.by(name)) if x.waits)
        assert (mine.id, mine.title, mine.waits) == (request, "OPP van dit schooljaar", True)
    assert signing.answering.one(world.house.by("hanna"), request).pages
    picture = b"".join(signing.answering.picture(world.house.by("hanna"), request, 1).chunks)
    assert picture[:4] in (b"RIFF", b"\x89PNG", b"\xff\xd8\xff\xe0")
    for name in ("karim", "mees", "anouk", "carla"):
        assert signing.answering.mine(world.house.by(name)) == ()
        for act in (signing.answering.one, lambda by, x: signing.answering.answer(by, x, Answer.SEEN, "", PASSWORD)):
            with pytest.raises(NotFound):
                act(world.house.by(name), request)
    world.answer("hanna", request, Answer.AGREED, "Fijn plan, Ünal helpt mee.")
    with pytest.raises(Conflict):
        world.answer("hanna", request, Answer.NOT_AGREED, "toch niet")
    with pytest.raises(BadInput) as told:
        world.answer("ivo", request, Answer.NOT_AGREED)
    assert told.value.code == "remark_missing"
    view = signing.overview.one(carla, request)
    assert [(x.name, x.answer) for x in view.signers] == [("Hanna Kuipers", Answer.AGREED), ("Ivo Hazelhoff", None)]
    assert view.sha256 == sha(world, plan)
    world.answer("ivo", request, Answer.NOT_AGREED, "Te weinig uren.")
    assert signing.overview.one(carla, request).line.state is SigningState.COMPLETE
    assert signing.following.turn() == 1
    assert signing.following.turn() == 0, "once"
    world.house.work()
    view = signing.overview.one(carla, request)
    assert view.statement_id is not None
    statement = world.document(view.statement_id)
    assert (statement.source, statement.confirmed_at is not None) == (Source.SIGNING, True)
    with world.house.app.database.read() as session:
        place = session.scalars(select(PlacementRow).where(PlacementRow.document_id == statement.id)).one()
        plan_place = session.scalars(select(PlacementRow).where(PlacementRow.document_id == plan)).one()
    assert (place.pupil_id, place.category, place.level) == (world.joris, "ZRG-03", plan_place.level)
    assert [x.id for x in signing.overview.of_document(carla, view.statement_id)] == [request], "the way back"
    assert not signing.asking.signable(carla, view.statement_id)
    text = text_of(world, view.statement_id)
    for expected in (
        view.sha256, "Hanna Kuipers", "Ünal", "Te weinig uren.", "niet akkoord", "met het wachtwoord", str(request),
        "OPP van dit schooljaar", "De Regenboog", "Carla Meindertsma",
    ):  # fmt: skip
        assert expected in text, expected
    assert world.kinds(request) == [
        "signing.asked", "signing.opened", "signing.answered", "signing.answered", "signing.closed", "signing.filed",
    ]  # fmt: skip
    assert world.letters(LetterKind.SIGNING_ANSWERED) == heard + 2
    raw = b"".join(x.read_bytes() for x in (world.house.folder / "var").glob("*.sqlite*"))
    assert b"Te weinig uren" not in raw, "remarks are kept sealed"


def test_a_wrong_password_is_recorded_and_costs_time(world: SigningWorld, plan: UUID) -> None:
    request = world.only(plan)
    for _ in range(7):
        with pytest.raises(BadInput):
            world.answer("ivo", request, Answer.SEEN, proof="fout wachtwoord")
    with pytest.raises(BadInput):
        world.answer("ivo", request, Answer.SEEN)  # right, but too soon after so many wrong ones
    assert world.kinds(request).count("signing.refused") == 8
    with world.house.app.database.begin() as uow:
        uow.session.execute(update(SignInBudgetRow).values(until=None))
    world.answer("ivo", request, Answer.SEEN)
    world.house.app.signing.asking.end(world.house.by("carla"), request, withdraw=True)
    with pytest.raises(NotFound):
        world.answer("hanna", request, Answer.SEEN)


def test_on_paper_with_proof(world: SigningWorld, papers: dict[str, UUID]) -> None:
    asking, carla = world.house.app.signing.asking, world.house.by("carla")
    plan, scan = papers["plan"], papers["scan"]
    request = world.only(plan)
    hanna, ivo = world.house.app.signing.overview.one(carla, request).signers
    for proof, day in ((None, 0), (plan, 0), (scan, 1), (scan, -40)):
        with pytest.raises(BadInput):
            asking.on_paper(carla, hanna.id, Answer.AGREED, world.today(day), proof)
    with pytest.raises(NotFound):
        asking.on_paper(carla, hanna.id, Answer.AGREED, world.today(), uuid4())
    with pytest.raises((NotFound, Refused)):
        asking.on_paper(world.house.by("bram"), hanna.id, Answer.AGREED, world.today(), scan)
    assert asking.on_paper(carla, hanna.id, Answer.AGREED, world.today(), scan, "op school getekend") == request
    with pytest.raises(Conflict):
        world.answer("hanna", request, Answer.SEEN)
    world.answer("ivo", request, Answer.SEEN)
    view = world.house.app.signing.overview.one(carla, request)
    assert view.line.state is SigningState.COMPLETE
    assert (view.signers[0].method, view.signers[0].recorded_by) == (Method.PAPER, "Carla Meindertsma")
    assert ivo.id == view.signers[1].id


def test_a_new_version_is_asked_again(world: SigningWorld, plan: UUID) -> None:
    signing, carla = world.house.app.signing, world.house.by("carla")
    request = world.only(plan, days=3)
    world.answer("hanna", request, Answer.AGREED)
    second_version(world, plan)
    with pytest.raises(Conflict) as told:
        world.answer("ivo", request, Answer.SEEN)
    assert told.value.code == "other_version"
    assert signing.following.turn() >= 1
    lines = signing.overview.of_document(carla, plan)[:2]
    assert [(x.version, x.state, x.answered) for x in lines] == [
        (2, SigningState.OPEN, 0), (1, SigningState.SUPERSEDED, 1),
    ]  # fmt: skip
    assert lines[0].ends_on >= world.today(14), "time again to read"
    assert [x.id for x in signing.answering.mine(world.house.by("ivo")) if x.waits] == [lines[0].id]
    signing.asking.end(carla, lines[0].id, withdraw=True)


def test_who_is_entitled_follows_custody_and_age(world: SigningWorld, plan: UUID) -> None:
    signing, carla, database = world.house.app.signing, world.house.by("carla"), world.house.app.database
    request = world.only(plan)
    ivo = select(CarerRow.id).where(CarerRow.name == "Ivo Hazelhoff").scalar_subquery()
    link = update(PupilCarerRow).where(PupilCarerRow.carer_id == ivo, PupilCarerRow.pupil_id == world.joris)
    with database.begin() as uow:
        uow.session.execute(link.values(authority=False))
    with pytest.raises(NotFound):
        world.answer("ivo", request, Answer.SEEN)  # at the very next request, before the clock came by
    signing.following.turn()
    assert [x.lapsed for x in signing.overview.one(carla, request).signers] == [False, True]
    with database.begin() as uow:
        uow.session.execute(link.values(authority=True))
    signing.following.turn()
    assert [x.lapsed for x in signing.overview.one(carla, request).signers] == [False, False]
    with database.read() as session:
        born = session.get_one(PupilRow, world.joris).birth_date
    assert born is not None
    pupil = update(PupilRow).where(PupilRow.id == world.joris)
    with database.begin() as uow:
        uow.session.execute(pupil.values(birth_date=world.today().replace(year=world.today().year - 17)))
    signing.following.turn()
    signers = signing.overview.one(carla, request).signers
    assert [(x.carer_id is None, x.lapsed) for x in signers] == [(False, True), (False, True), (True, False)]
    with database.begin() as uow:
        uow.session.execute(pupil.values(birth_date=None))
    with pytest.raises(BadInput) as told:
        world.only(plan)
    assert told.value.code == "nobody_to_ask"
    with database.begin() as uow:
        uow.session.execute(pupil.values(birth_date=born))


def test_reminders_end_and_what_cannot_be_asked(world: SigningWorld, papers: dict[str, UUID]) -> None:
    signing, carla = world.house.app.signing, world.house.by("carla")
    plan, letter = papers["plan"], papers["letter"]
    for days in (0, 61):
        with pytest.raises(BadInput):
            world.only(plan, days=days)
    for name in ("anouk", "bram", "mees", "hanna", "gijs"):
        with pytest.raises((NotFound, Refused)):
            signing.asking.ask(world.house.by(name), plan, world.today(5))
    with pytest.raises(BadInput) as told:
        world.ask(letter)
    assert told.value.code == "not_signable"
    assert (signing.asking.signable(carla, plan), signing.asking.signable(carla, letter)) == (True, False)
    request = world.only(plan, days=2)
    world.choose("hanna", [LetterKind.SIGNING_REMINDED])
    signing.following.turn()
    assert "signing.reminded" not in world.kinds(request), "not on the day of asking"
    world.changed(request, asked_at=world.house.app.clock.now() - timedelta(days=2))
    signing.following.turn()
    signing.following.turn()
    assert world.kinds(request).count("signing.reminded") == 1
    assert world.letters(LetterKind.SIGNING_REMINDED) == 1
    with pytest.raises(Conflict):
        signing.asking.remind(carla, request)
    world.changed(request, ends_on=world.today(-1))
    with pytest.raises(Conflict):
        world.answer("hanna", request, Answer.SEEN)
    signing.following.turn()
    view = signing.overview.one(carla, request)
    assert view.line.state is SigningState.ENDED
    with world.house.app.database.read() as session:
        signers = signing.overview.signers(session, session.get_one(SigningRequestRow, request))
    assert "geen antwoord" in _answer(signers[0])


def test_a_letter_about_a_plan_that_was_answered_does_not_go(world: SigningWorld, papers: dict[str, UUID]) -> None:
    world.choose("hanna", [LetterKind.SIGNING_ASKED, LetterKind.CORRECTION_ANSWERED])
    world.choose("ivo", [LetterKind.SIGNING_ASKED])
    request = world.only(papers["plan"])
    assert {"hanna", "ivo"} <= world.written(LetterKind.SIGNING_ASKED)
    world.answer("hanna", request, Answer.SEEN)
    assert "hanna" not in world.written(LetterKind.SIGNING_ASKED)
    assert "ivo" in world.written(LetterKind.SIGNING_ASKED), "it still waits for him"
    world.house.app.signing.asking.end(world.house.by("carla"), request, withdraw=True)
    assert "ivo" not in world.written(LetterKind.SIGNING_ASKED)


def text_of(world: SigningWorld, document_id: UUID) -> str:
    """The text of a PDF in the house, spaces as one."""
    content = world.house.app.documents.content(world.house.by("carla"), document_id, Rendition.ORIGINAL)
    path = world.house.folder / f"{document_id}.pdf"
    path.write_bytes(b"".join(content.chunks))
    return " ".join(" ".join(x.extract_text() for x in pypdf.PdfReader(path).pages).split())


def sha(world: SigningWorld, document_id: UUID) -> str:
    content = world.house.app.documents.content(world.house.by("carla"), document_id, Rendition.ORIGINAL)
    return hashlib.sha256(b"".join(content.chunks)).hexdigest()


def second_version(world: SigningWorld, document_id: UUID) -> None:
    """A new version, as it is once it was read."""
    content = world.house.app.documents.content(world.house.by("carla"), document_id, Rendition.ORIGINAL)
    data = b"".join(content.chunks) + b"\n% 2"
    ref = world.house.app.vault.put(document_id, "original", 2, [data], digest_scope(BRIN))
    now = world.house.app.clock.now()
    with world.house.app.database.begin() as uow:
        uow.session.add(
            DocumentVersionRow(
                document_id=document_id, number=2, file_name="plan.pdf", media_type="application/pdf",
                size=len(data), digest=ref.digest, pages=1, text_source="layer", created_at=now,
            )
        )  # fmt: skip
        uow.session.add(
            RenditionRow(
                document_id=document_id, version=2, kind=Rendition.ORIGINAL, page=0, object_key=ref.object_key,
                media_type="application/pdf", size=len(data), created_at=now,
            )
        )  # fmt: skip
        uow.session.execute(update(DocumentRow).where(DocumentRow.id == document_id).values(current_version=2))


def test_the_school_of_another_sees_nothing(world: SigningWorld) -> None:
    assert world.house.app.signing.overview.requests(world.house.by("mees"), BRIN) == ()
    assert world.house.app.signing.overview.open_count(world.house.by("anouk"), BRIN) == 0
