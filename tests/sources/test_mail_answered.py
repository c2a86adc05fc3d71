"""Refused mail: moved, told, and answered once to people where the school wants that. And ways to sign in by token."""

import http.server
import json
import sys
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select

from dms.app import App
from dms.db.tables import MailboxRow, MailMessageRow
from dms.kernel.crashpoints import watched
from dms.kernel.errors import BadInput, DmsError, NotFound, Refused
from dms.model.sources import MailState
from ingest.service.mail_account import MailAccounts
from ingest.service.mail_answers import MailAnswers
from tests.houses import House
from tests.servers.dovecot import PASSWORD, DovecotServer
from tests.servers.ports import HOST, free_port
from tests.sources.mail_world import GOOD, MailWorld, mail


class Sink(Message):
    """Keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list = []

    def handle_message(self, message) -> None:  # type: ignore[no-untyped-def]
        self.mails.append(message)


@pytest.fixture
def sink() -> Iterator[tuple[Sink, str]]:
    """An SMTP server that keeps what it gets, and its address."""
    handler = Sink()
    controller = Controller(handler, HOST, free_port())
    controller.start()
    yield handler, f"smtp://{HOST}:{controller.port}"
    controller.stop()


def answers(mailbox: MailWorld, url: str) -> MailAnswers:
    app = mailbox.house.app
    return MailAnswers(app.mail.intake._tools, url)


def every_refused(app: App) -> list[MailMessageRow]:
    """The refused mails of all mailboxes of the house."""
    with app.database.read() as session:
        return list(session.scalars(select(MailMessageRow).where(MailMessageRow.state == MailState.REFUSED)))


def test_refused_mail_is_moved_told_and_answered_once(mailbox: MailWorld, sink: tuple[Sink, str]) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")
    mailbox.change(answers="verified", strangers="refuse")
    app.administration.senders.save(gijs, mailbox.mailbox_id, {"sender": "weg@ggd.example", "allow": "nee"})
    app.administration.senders.save(gijs, mailbox.mailbox_id, {"sender": "@ggd.example", "allow": "ja"})
    mailbox.put(
        mail(1, "Reclame <weg@ggd.example>", Authentication_Results=GOOD),
        mail(2, "Vreemde <iemand@elders.example>"),
        mail(3, "Lijst <weg@ggd.example>", Authentication_Results=GOOD, List_Id="<x.example>"),
        mail(4, Authentication_Results=GOOD),
    )
    run = app.mail.intake.collect(mailbox.mailbox_id)
    assert (run.taken, run.failed) == (1, 3)
    cards = {x.kind: x for x in app.administration.sources.list(gijs, mailbox.school_id).rows}
    refused = len(every_refused(app))
    assert cards["mail"].refused >= refused >= 3, "what was refused counts where the ways in are shown"
    assert (mailbox.count(), mailbox.count("Geweigerd"), mailbox.count("Verwerkt")) == (0, 3, 1)
    reasons = sorted(x.reason_code for x in mailbox.rows(MailState.REFUSED))
    assert reasons == ["sender_refused", "sender_refused", "sender_unknown"]
    handler, url = sink
    sender = answers(mailbox, url)
    assert sender.send_waiting() == 1
    assert sender.send_waiting() == 0
    (answer,) = handler.mails
    assert answer["To"] == "weg@ggd.example"
    assert answer["In-Reply-To"] == "<bericht-1@ggd.example>"
    assert answer["Auto-Submitted"] == "auto-replied"
    said = answer.get_payload(decode=True).decode()
    assert "Uw mail van 15 oktober 2026 aan De Regenboog is niet aangenomen" in said
    assert "Verslag" not in answer.as_string(), "no title of a document travels"
    mailbox.put(mail(1, "Reclame <weg@ggd.example>", Authentication_Results=GOOD))
    app.mail.intake.collect(mailbox.mailbox_id)
    assert sender.send_waiting() == 0, "the same mail again is not answered again"


def test_a_refused_mail_comes_in_when_the_rule_is_gone(mailbox: MailWorld) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")
    rule = app.administration.senders.save(gijs, mailbox.mailbox_id, {"sender": "*", "allow": "nee"})
    mailbox.put(mail(1))
    assert app.mail.intake.collect(mailbox.mailbox_id).failed == 1
    (row,) = mailbox.rows(MailState.REFUSED)
    facts = mailbox.facts(row)
    assert facts is not None
    assert facts.sender == "post@ggd.example"
    app.administration.senders.remove(gijs, mailbox.mailbox_id, rule)
    mailbox.put(mail(1))
    assert app.mail.intake.collect(mailbox.mailbox_id).taken == 1
    assert [x.state for x in mailbox.rows()] == [MailState.TAKEN]


def test_killed_while_answering_nobody_gets_two(mailbox: MailWorld, sink: tuple[Sink, str]) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")
    mailbox.change(answers="all")
    app.administration.senders.save(gijs, mailbox.mailbox_id, {"sender": "*", "allow": "nee"})
    mailbox.put(mail(1), mail(2))
    app.mail.intake.collect(mailbox.mailbox_id)
    handler, url = sink

    class Killed(BaseException):
        pass

    def kill(name: str) -> None:
        if name == "answer.claimed":
            raise Killed

    with pytest.raises(Killed), watched(kill):
        answers(mailbox, url).send_waiting()
    assert answers(mailbox, f"smtp://{HOST}:1").send_waiting() == 0, "a server that is down: later"
    assert answers(mailbox, url).send_waiting() == 1
    assert len(handler.mails) == 1


def test_a_password_is_sealed_never_shown_and_never_sent_elsewhere(mailbox: MailWorld) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")
    room = app.administration.mailboxes
    view = room.view(gijs, mailbox.mailbox_id)
    assert view.has_secret
    assert PASSWORD not in str(view)
    assert PASSWORD.encode() not in (mailbox.row().secret_sealed or b"")
    files = [x for x in mailbox.house.folder.rglob("*") if x.is_file()]
    assert not [x for x in files if PASSWORD.encode() in x.read_bytes()]
    room.change(gijs, mailbox.mailbox_id, view.row_version, {**view.values, "host": "imap.elders.example"}, apply=True)
    assert not room.view(gijs, mailbox.mailbox_id).has_secret
    assert mailbox.mailbox_id not in app.mail.intake.open_mailboxes()
    with pytest.raises(BadInput):
        room.set_secret(gijs, mailbox.mailbox_id, "")


def test_only_who_administers_sources_sets_mail_up(mailbox: MailWorld) -> None:
    admin, house = mailbox.house.app.administration, mailbox.house
    acts = (
        lambda by: admin.mailboxes.view(by, mailbox.mailbox_id),
        lambda by: admin.mailboxes.set_secret(by, mailbox.mailbox_id, "x"),
        lambda by: admin.mailboxes.fetch_now(by, mailbox.mailbox_id),
        lambda by: admin.senders.list(by, mailbox.mailbox_id),
        lambda by: admin.senders.save(by, mailbox.mailbox_id, {"sender": "*"}),
        lambda by: house.app.mail.accounts.probe(by, mailbox.mailbox_id),
    )
    for act in acts:
        for name in ("anouk", "mees"):
            with pytest.raises((Refused, NotFound)):
                act(house.by(name))


@pytest.fixture
def provider(dovecot: DovecotServer) -> Iterator[tuple[str, dict[str, str]]]:
    """A token endpoint; Dovecot asks it about tokens too. Gives its address and what refresh token belongs to whom."""
    known: dict[str, str] = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, told = 200, {}
            if self.path == "/introspect":
                login = known.get(form.get("token", [""])[0].removeprefix("toegang-"), "")
                told = {"active": "true" if login else "false", "username": login}
            elif form["refresh_token"][0] in known and form["client_secret"] == ["klant-geheim"]:
                fresh = form["refresh_token"][0]
                told = {"access_token": f"toegang-{fresh}", "token_type": "Bearer"}
                if fresh == "eenmalig":
                    known["volgend"] = known.pop(fresh)
                    told = {"access_token": "toegang-volgend", "refresh_token": "volgend"}
            else:
                status, told = 400, {"error": "invalid_grant"}
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer((HOST, dovecot.introspection), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{dovecot.introspection}/token", known
    server.shutdown()
    server.server_close()


def test_xoauth2_with_a_refresh_token_that_changes(mailbox: MailWorld, provider: tuple[str, dict[str, str]]) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")
    url, known = provider
    known["eenmalig"] = mailbox.login
    mailbox.change(method="refresh", token_url=url, client_id="dossierkluis")
    room = app.administration.mailboxes
    room.set_secret(gijs, mailbox.mailbox_id, "eenmalig", "klant-geheim")
    mailbox.put(mail(1), mail(2))
    assert app.mail.intake.collect(mailbox.mailbox_id).taken == 2
    assert app.mail.accounts.probe(gijs, mailbox.mailbox_id) == 0, "with the refresh token that came instead"
    assert known == {"volgend": mailbox.login}
    known.clear()
    with pytest.raises(DmsError) as told:
        app.mail.intake.collect(mailbox.mailbox_id)
    assert told.value.code == "mail_token"
    room.set_secret(gijs, mailbox.mailbox_id, "onbekend", "klant-geheim")
    with pytest.raises(DmsError):
        app.mail.intake.collect(mailbox.mailbox_id)


def test_xoauth2_with_a_token_of_a_command(mailbox: MailWorld, provider: tuple[str, dict[str, str]]) -> None:
    app = mailbox.house.app
    _, known = provider
    known["opdracht"] = mailbox.login
    mailbox.change(method="command")
    accounts = MailAccounts(app.mail.intake._tools, f"{sys.executable} -c \"print('toegang-opdracht')\"")
    assert accounts.probe(mailbox.house.by("gijs"), mailbox.mailbox_id) == 0
    wrong = MailAccounts(app.mail.intake._tools, "/bin/false")
    with pytest.raises(DmsError) as told:
        wrong.probe(mailbox.house.by("gijs"), mailbox.mailbox_id)
    assert told.value.code == "mail_token"


def test_a_mailbox_that_is_removed_takes_its_rows_along(mailbox: MailWorld) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")
    mailbox.put(mail(1))
    app.mail.intake.collect(mailbox.mailbox_id)
    app.administration.senders.save(gijs, mailbox.mailbox_id, {"sender": "@a.example"})
    room = app.administration.mailboxes
    room.remove(gijs, mailbox.mailbox_id, room.view(gijs, mailbox.mailbox_id).row_version, apply=True)
    assert gone(app, mailbox)


def gone(app: App, mailbox: MailWorld) -> bool:
    with app.database.read() as session:
        mails = session.scalars(select(MailMessageRow).where(MailMessageRow.mailbox_id == mailbox.mailbox_id)).all()
        return session.get(MailboxRow, mailbox.mailbox_id) is None and not mails


def test_sender_rules_are_checked(mailbox: MailWorld) -> None:
    senders, gijs = mailbox.house.app.administration.senders, mailbox.house.by("gijs")
    for wrong in ({"sender": "geen adres"}, {"sender": "@x"}, {"sender": "a@b.example", "category": "XXX"},
                  {"sender": "a@b.example", "pupil": "geen"}, {}):  # fmt: skip
        with pytest.raises(BadInput):
            senders.save(gijs, mailbox.mailbox_id, wrong)
    senders.save(gijs, mailbox.mailbox_id, {"sender": "A@B.example", "allow": "nee"})
    senders.save(gijs, mailbox.mailbox_id, {"sender": "a@b.EXAMPLE", "allow": "ja"})
    assert [(x.pattern, x.allow) for x in senders.list(gijs, mailbox.mailbox_id).rules] == [("a@b.example", True)]


def test_house_is_whole_after_all_this(shared_house: House) -> None:
    shared_house.app.checks.seal_audit()
    report = shared_house.app.checks.check()
    assert (report.objects_missing, report.keys_missing, report.audit_bad) == (0, 0, 0)
