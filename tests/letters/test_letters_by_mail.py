"""Letters by mail: what goes when, to whom, in one mail or in two, and never with personal data in it."""

from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import delete, select, update

from dms.db.tables import AuditEventRow, LetterChoiceRow, LetterPaceRow, LetterRow, LetterTextRow, OutboxRow
from dms.kernel.crashpoints import watched
from dms.kernel.errors import BadInput, Refused
from dms.model.events import EventKind
from dms.model.letters import FACTS, LANGUAGES, LetterKind
from dms.services.notices.post import Letter, Sealed, post
from dms.services.notices.sending import LetterSender
from dms.services.notices.texts import Text
from dms.services.notices.writing import Envelope, Filled, checked, compose, default, sample
from dms.web.desks.letters import PLACES
from tests import houses
from tests.houses import BRIN, House
from tests.servers.ports import HOST, free_port

HOME = "https://dossier.voorbeeld.example"
SENDER = "post@voorbeeld.example"
K = LetterKind


class Sink:
    """An SMTP server's mailbox; `answers` are given to the next mails in place of taking them."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # type: ignore[no-untyped-def]
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


class World:
    """A house with a mail server."""

    def __init__(self, house: House, sink: Sink, port: int) -> None:
        self.house, self.sink = house, sink
        self.tools = house.app.letters.texts._tools
        self.sender = LetterSender(self.tools, f"smtp://{HOST}:{port}", SENDER, HOME)
        self.school = next(x for x in house.app.schools.list() if x.brin == BRIN)

    def post(
        self, kind: LetterKind, to: UUID | Sealed, secret: Sealed | None = None, language: str = "nl"
    ) -> UUID | None:
        params = sample(kind, date(2026, 11, 20))
        typed = {x: date.fromisoformat(str(y)) if x in {"date", "until"} else y for x, y in params.items()}
        with self.house.app.database.begin() as uow:
            return post(uow, Letter(kind, to, self.school.id, language, typed, secret))

    def user(self, name: str) -> UUID:
        return self.house.app.accounts.by_email(f"{name}@deregenboog.example").id

    def sealed(self, value: str, column: str = "address") -> Sealed:
        key = uuid4()
        return Sealed(key, column, self.tools.vault.seal(key, column, value.encode()))

    def later(self, wait: timedelta) -> None:
        """As if so much time went by for what waits."""
        with self.house.app.database.begin() as uow:
            for row in uow.session.scalars(select(LetterRow)):
                row.due_at -= wait
                row.expires_at -= wait
                row.ended_at = row.ended_at - wait if row.ended_at else None
            for effect in uow.session.scalars(select(OutboxRow).where(OutboxRow.done_at.is_(None))):
                effect.available_at -= wait

    def states(self) -> list[str]:
        with self.house.app.database.read() as session:
            return [x.value for x in session.scalars(select(LetterRow.state).order_by(LetterRow.posted_at))]

    def rows(self) -> list[LetterRow]:
        with self.house.app.database.read() as session:
            return list(session.scalars(select(LetterRow)))


@pytest.fixture(scope="module")
def shared(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    house = houses.copy(house_template, tmp_path_factory.mktemp("letters"))
    sink, port = Sink(), free_port()
    controller = Controller(sink, HOST, port)
    controller.start()
    yield World(house, sink, port)
    controller.stop()
    house.app.close()


@pytest.fixture
def world(shared: World) -> World:
    shared.sink.mails.clear()
    shared.sink.answers.clear()
    with shared.house.app.database.begin() as uow:
        for table in (LetterRow, LetterChoiceRow, LetterPaceRow, LetterTextRow):
            uow.session.execute(delete(table))
        uow.session.execute(update(OutboxRow).where(OutboxRow.done_at.is_(None)).values(done_at=uow.now))
    return shared


def body(mail: EmailMessage) -> str:
    return str(mail.get_content())


def test_a_code_goes_at_once_and_alone_and_nothing_of_it_stays(world: World) -> None:
    code, to = world.sealed("48151623", "code"), world.sealed("nadia@swv.example")
    world.post(K.LINK_CODE, to, code)
    world.post(K.LINK_CODE, to, world.sealed("42424242", "code"))
    assert world.sender.send_waiting() == 2
    assert world.sender.send_waiting() == 0
    first, second = world.sink.mails
    assert "48151623" in body(first)
    assert "42424242" in body(second)
    assert "48151623" not in str(first["Subject"])
    assert (first["To"], first["From"]) == ("nadia@swv.example", f"{world.school.name} <{SENDER}>")
    assert first["Auto-Submitted"] == "auto-generated"
    assert world.states() == ["sent", "sent"]
    assert all(x.address_sealed is None and x.secret_sealed is None for x in world.rows())
    bytes_kept = b"".join(x.read_bytes() for x in (world.house.folder / "var").glob("*.sqlite*"))
    assert b"nadia@swv.example" not in bytes_kept
    assert b"48151623" not in bytes_kept


def test_nobody_gets_a_notice_who_did_not_ask(world: World) -> None:
    carla = world.house.by("carla")
    assert world.post(K.SIGNING_ANSWERED, world.user("carla")) is None
    choices = world.house.app.letters.choices
    choices.choose(carla, [K.SIGNING_ANSWERED, K.SIGNING_ASKED], "dag")
    assert choices.of(carla).chosen == {K.SIGNING_ANSWERED}, "letters for families are not offered to colleagues"
    assert world.post(K.SIGNING_ANSWERED, world.user("carla")) is not None
    assert world.post(K.LINK_VIEWED, world.user("carla")) is None
    with pytest.raises(BadInput):
        choices.choose(carla, [], "elke minuut")
    assert K.LINK_LOCKED in choices.of(carla).always


def test_notices_of_an_interval_go_in_one_mail(world: World) -> None:
    carla = world.house.by("carla")
    kinds = [K.SIGNING_ANSWERED, K.LINK_VIEWED, K.LINK_RETURNED]
    world.house.app.letters.choices.choose(carla, kinds, "uur")
    for kind in kinds:
        world.post(kind, world.user("carla"))
    assert world.sender.send_waiting() == 0, "it waits for others to go along"
    world.later(timedelta(minutes=3))
    assert world.sender.send_waiting() == 1
    (mail,) = world.sink.mails
    assert all(default(x, "nl").subject in body(mail) for x in kinds)
    assert mail["Subject"] == f"Berichten van {world.school.name}"
    world.post(K.LINK_VIEWED, world.user("carla"))
    world.later(timedelta(minutes=40))
    assert world.sender.send_waiting() == 0, "one mail an hour at most"
    world.post(K.SIGNING_ANSWERED, world.user("carla"))
    world.later(timedelta(minutes=20))
    assert world.sender.send_waiting() == 1
    assert len(world.sink.mails) == 2


def test_a_server_that_is_down_makes_mail_wait_and_no_mail_is_sent_twice(world: World) -> None:
    world.post(K.LINK_LOCKED, world.user("carla"))
    world.later(timedelta(minutes=3))
    down = LetterSender(world.tools, f"smtp://{HOST}:1", SENDER, HOME)
    assert down.send_waiting() == 0
    world.sink.answers = ["451 later"]
    world.later(timedelta(minutes=1))
    assert world.sender.send_waiting() == 0
    assert world.states() == ["sending"]
    world.later(timedelta(minutes=1))
    assert world.sender.send_waiting() == 1
    world.later(timedelta(minutes=30))
    assert world.sender.send_waiting() == 0
    assert len(world.sink.mails) == 1


def test_killed_after_the_server_took_it_the_same_mail_goes_again_under_the_same_number(world: World) -> None:
    class Killed(BaseException):
        pass

    def kill(name: str) -> None:
        if name == "letter.sent":
            raise Killed

    world.post(K.LINK_LOCKED, world.user("carla"))
    world.later(timedelta(minutes=3))
    with pytest.raises(Killed), watched(kill):
        world.sender.send_waiting()
    world.post(K.LINK_LOCKED, world.user("carla"))
    with world.house.app.database.begin() as uow:
        uow.session.execute(update(OutboxRow).values(lease_until=None))
    assert world.sender.send_waiting() == 1
    once, again = world.sink.mails
    assert once["Message-ID"] == again["Message-ID"]
    assert body(once) == body(again), "what came later is not in it"
    assert sorted(world.states()) == ["sent", "waiting"]


def test_what_the_server_never_takes_ends_and_what_is_too_old_is_not_sent(world: World) -> None:
    world.sink.answers = ["550 no such person"]
    world.post(K.LINK_SENT, world.sealed("weg@swv.example"), world.sealed(f"{HOME}/l/x", "link"))
    assert world.sender.send_waiting() == 0
    assert world.states() == ["failed"]
    world.post(K.LINK_CODE, world.sealed("nadia@swv.example"), world.sealed("11112222", "code"))
    world.later(timedelta(minutes=11))
    without = LetterSender(world.tools, "", SENDER, HOME)
    assert without.send_waiting() == 0
    assert without.sweep() >= 1
    assert sorted(world.states()) == ["expired", "failed"]
    assert world.sender.send_waiting() == 0
    assert not world.sink.mails
    with world.house.app.database.read() as session:
        kinds = list(session.scalars(select(AuditEventRow.kind).where(AuditEventRow.object_kind == "letter")))
    assert kinds[-2:] == [EventKind.LETTER_NOT_SENT, EventKind.LETTER_NOT_SENT]
    world.later(timedelta(days=31))
    without.sweep()
    assert world.rows() == []


def test_a_disabled_account_and_a_destroyed_key_get_nothing(world: World) -> None:
    to = world.sealed("nadia@swv.example")
    world.post(K.LINK_SENT, to, world.sealed(f"{HOME}/l/x", "link"))
    world.tools.vault.destroy_key(to.key_id)
    assert world.sender.send_waiting() == 0
    assert world.states() == ["dropped"]


CANARIES = ("Jansen", "Zonneveld", "Dyslexieverklaring", "zomaar een naam", "Hanna", "Ünal")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(FACTS))
def test_no_letter_can_hold_personal_data(kind: LetterKind, language: str) -> None:
    text, facts = default(kind, language), FACTS[kind]
    assert checked(kind, text.subject, text.body) == text, "the texts that ship are good themselves"
    for place in facts.places:
        for canary in CANARIES:
            given = {**sample(kind, date(2026, 11, 20)), place: canary}
            typed = {
                x: date.fromisoformat(y) if x in {"date", "until"} and y != canary else y for x, y in given.items()
            }
            with pytest.raises(ValueError, match=place):
                post(None, Letter(kind, uuid4(), uuid4(), language, typed, SECRET if facts.private else None))  # type: ignore[arg-type]
    for place in ("naam", "leerling", "ouder", "titel", "document", "email", "name", "school.naam", ""):
        with pytest.raises(BadInput):
            checked(kind, text.subject, f"{text.body} {{{place}}}")
        with pytest.raises(BadInput):
            checked(kind, f"{text.subject} {{{place}}}", text.body)
    if facts.private:
        with pytest.raises(BadInput):
            checked(kind, f"{{{facts.private}}}", text.body)
        with pytest.raises(BadInput):
            checked(kind, text.subject, "zonder")
    envelope = Envelope(uuid4(), "De Regenboog", SENDER, SENDER, language, HOME, True)
    message = compose(envelope, [Filled(kind, text, sample(kind, date(2026, 11, 20)), "GEHEIM")])
    assert "{" not in body(message)
    assert "GEHEIM" not in str(message["Subject"])
    assert ("GEHEIM" in body(message)) is bool(facts.private)


SECRET = Sealed(uuid4(), "code", b"")


def test_a_letter_that_does_not_fit_its_kind_is_a_fault_of_the_program(world: World) -> None:
    with pytest.raises(ValueError, match="account"):
        world.post(K.SIGNING_ASKED, world.sealed("a@b.example"))
    with pytest.raises(ValueError, match="secret"):
        world.post(K.LINK_CODE, world.sealed("a@b.example"))
    with pytest.raises(ValueError, match="letters in"):
        world.post(K.LINK_LOCKED, world.user("carla"), language="fy")


def test_every_place_of_a_text_is_explained_to_who_writes_one() -> None:
    assert {y for x in FACTS.values() for y in x.known} == PLACES.keys()


def test_a_school_writes_its_own_text_with_preview_and_history(world: World) -> None:
    texts, gijs = world.house.app.letters.texts, world.house.by("gijs")
    own = Text("Slot op de link", "Beste collega, kijk op {page}. Groet, {school}")
    subject, shown = texts.preview(gijs, BRIN, K.LINK_LOCKED, "nl", own)
    assert subject == "Slot op de link"
    assert f"/voorbeeld. Groet, {world.school.name}" in shown
    texts.save(gijs, BRIN, K.LINK_LOCKED, "nl", own)
    texts.save(gijs, BRIN, K.LINK_LOCKED, "nl", own)
    world.post(K.LINK_LOCKED, world.user("carla"))
    world.later(timedelta(minutes=3))
    world.sender.send_waiting()
    assert f"Beste collega, kijk op {HOME}/voorbeeld" in body(world.sink.mails[0])
    texts.save(gijs, BRIN, K.LINK_LOCKED, "nl", None)
    line, history = texts.one(gijs, BRIN, K.LINK_LOCKED, "nl")
    assert not line.own
    assert [x.number for x in history] == [2, 1]
    assert history[1].text == own
    with pytest.raises(BadInput):
        texts.save(gijs, BRIN, K.LINK_LOCKED, "nl", Text("Link van {leerling}", "{page}"))
    for name in ("anouk", "carla"):
        with pytest.raises(Refused):
            texts.list(world.house.by(name), BRIN)
    assert sum(x.count for x in texts.traffic(gijs, BRIN)) == 1
