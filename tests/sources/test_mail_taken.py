"""Mail from a real IMAP server: each mail once, whatever is cut off or killed in between."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from dms.jobs.mail_collector import MailCollector
from dms.kernel.crashpoints import watched
from dms.kernel.errors import DmsError, OutsideDown
from dms.model.sources import MailState
from ingest.service.mail_facts import mail_of_intake
from ingest.sources.mail_faults import MailDown, MailWrong
from tests.servers.cutting_proxy import CuttingProxy
from tests.sources.mail_world import AUTHSERV, GOOD, MailWorld, mail, noise

FULL = bool(os.environ.get("DMS_TEST_FULL"))  # noqa: TID251
MAILS = 500 if FULL else 20


@pytest.mark.slow
def test_a_mail_comes_in_whole_with_what_it_says_of_itself(mailbox: MailWorld) -> None:
    raw = mail(1, attachment=noise(1), Authentication_Results=GOOD)
    mailbox.put(raw)
    run = mailbox.house.app.mail.intake.collect(mailbox.mailbox_id)
    assert (run.taken, run.failed) == (1, 0)
    (intake,) = mailbox.intakes()
    assert mailbox.original(intake.id).replace(b"\r\n", b"\n") == raw
    app = mailbox.house.app
    with app.database.read() as session:
        facts = mail_of_intake(session, app.vault, intake.id)
    assert facts is not None
    assert (facts.sender, facts.subject, facts.date) == ("post@ggd.example", "Verslag 1", "2026-10-15")
    assert facts.verified
    assert not intake.trusted, "verified, but the school named no such sender"
    assert intake.hints["origin"]["date"] == "2026-10-15"
    assert (mailbox.count(), mailbox.count("Verwerkt")) == (0, 1)
    assert mailbox.row().taken == 1
    assert b"post@ggd" not in (mailbox.rows()[0].sealed or b"")


def test_only_a_named_and_verified_sender_may_file_itself(mailbox: MailWorld) -> None:
    senders, gijs = mailbox.house.app.administration.senders, mailbox.house.by("gijs")
    pupil = next(x for x in mailbox.house.schools()[0].pupils)
    senders.save(gijs, mailbox.mailbox_id, {"sender": "@ggd.example", "category": "OND-03", "pupil": pupil.number})
    forged = GOOD.replace(AUTHSERV, "mx.elders.example")
    mailbox.put(
        mail(1, Authentication_Results=GOOD),
        mail(2),
        mail(3, Authentication_Results=forged),
        mail(4, "X <post@anders.example>", Authentication_Results=GOOD),
    )
    mailbox.house.app.mail.intake.collect(mailbox.mailbox_id)
    found = mailbox.intakes()
    assert [x.trusted for x in found] == [True, False, False, False]
    assert found[0].hints["likely"] == "OND-03"
    assert found[0].hints["suggested"] == [str(mailbox.house.pupil_id(pupil.number))]
    assert "suggested" not in found[3].hints


def test_the_same_mail_again_is_only_moved_and_another_with_its_id_is_not(mailbox: MailWorld) -> None:
    raw = mail(7)
    mailbox.put(raw, b"Received: from a.example\nDelivered-To: x@y.example\n" + raw)
    mailbox.put(raw.replace(b"hierbij stuk", b"hierbij een ander stuk"))
    assert mailbox.house.app.mail.intake.collect(mailbox.mailbox_id).taken == 2
    mailbox.put(raw)
    assert mailbox.house.app.mail.intake.collect(mailbox.mailbox_id).taken == 0
    assert (mailbox.count(), mailbox.count("Verwerkt"), len(mailbox.intakes())) == (0, 4, 2)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_cut_off_at_random_each_mail_is_taken_exactly_once(
    mailbox: MailWorld, record_property: Callable[[str, object], None]
) -> None:
    mails = [mail(x, attachment=noise(x, 2000 + 97 * (x % 60))) for x in range(MAILS)]
    mailbox.put(*mails)
    proxy = CuttingProxy(mailbox.server.port, seed=11, most=60_000 if FULL else 25_000)
    mailbox.change(port=str(proxy.port))
    dice, kills, turns = random.Random(5), 0, 0

    class Killed(BaseException):
        pass

    def kill(name: str) -> None:
        if name.startswith(("mail.", "receive.")) and dice.random() < 0.02:
            raise Killed

    while mailbox.count() and turns < 40 * MAILS:
        turns += 1
        try:
            with watched(kill):
                mailbox.house.app.mail.intake.collect(mailbox.mailbox_id)
        except Killed:
            kills += 1
        except OutsideDown:
            assert mailbox.row().trouble_code == "mail_down"
    proxy.cutting = False
    mailbox.house.app.mail.intake.collect(mailbox.mailbox_id)
    proxy.close()
    kept = Counter(mailbox.original(x.id).replace(b"\r\n", b"\n") for x in mailbox.intakes())
    assert kept == Counter(mails)
    assert mailbox.count() == 0
    assert mailbox.count("Verwerkt") >= MAILS
    assert (proxy.cuts > 3, kills > 0) == (True, True)
    record_property("mails", MAILS)
    record_property("cuts", proxy.cuts)
    record_property("kills", kills)
    assert mailbox.row().trouble_code == ""


def test_a_new_uidvalidity_takes_nothing_twice(mailbox: MailWorld) -> None:
    mailbox.put(mail(1), mail(2))
    app = mailbox.house.app
    app.mail.intake.collect(mailbox.mailbox_id)
    mailbox.change(folder="Nieuw")
    client = mailbox.direct()
    client.create("Nieuw")
    client.logout()
    mailbox.put(mail(1), mail(2), mail(3), folder="Nieuw")
    assert app.mail.intake.collect(mailbox.mailbox_id).taken == 1
    assert len(mailbox.intakes()) == 3
    assert len({x.uid_validity for x in mailbox.rows()}) == 2


def test_what_is_hardly_a_mail_comes_in_all_the_same(mailbox: MailWorld) -> None:
    odd = [b"geen kop\n", b"From: \xff\xfe <>\n\n\0\0", b"Subject: =?utf-8?b?!!?=\nDate: gisteren\nFrom: a, b\n\nx\n"]
    mailbox.put(*odd, mail(1, subject="=?utf-8?q?Re:_1/2_verslag_Zo=C3=AB?="))
    assert mailbox.house.app.mail.intake.collect(mailbox.mailbox_id).taken == 4
    names = {x.name for i in mailbox.intakes() for x in mailbox.house.items(i.id)}
    assert "Re: 1-2 verslag Zoë.eml" in names
    assert mailbox.count() == 0


@pytest.mark.slow
def test_a_collector_hears_of_new_mail_at_once(mailbox: MailWorld) -> None:
    collector = MailCollector(mailbox.house.app)
    collector.turn()
    try:
        until = time.monotonic() + 60  # far less than the four minutes after which it would look by itself
        while mailbox.row().run_at is None and time.monotonic() < until:
            time.sleep(0.05)
        threading.Thread(target=lambda: mailbox.put(mail(1))).start()
        while not mailbox.intakes() and time.monotonic() < until:
            time.sleep(0.05)
        assert mailbox.intakes()
    finally:
        collector.stop()


@pytest.mark.slow
def test_what_is_wrong_is_told_where_the_mailbox_is_set_up(mailbox: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    app, gijs = mailbox.house.app, mailbox.house.by("gijs")

    def code() -> str:
        with pytest.raises(DmsError) as told:
            app.mail.intake.collect(mailbox.mailbox_id)
        assert mailbox.row().trouble_code == told.value.code
        return told.value.code

    assert app.mail.accounts.probe(gijs, mailbox.mailbox_id) == 0
    app.administration.mailboxes.set_secret(gijs, mailbox.mailbox_id, "fout")
    assert code() == "mail_sign_in"
    mailbox.change(port="1")
    assert code() == "mail_down"
    mailbox.change(port=str(mailbox.server.port), folder="Bestaat niet")
    assert code() == "mail_folder"
    mailbox.change(folder="INBOX")
    app.mail.intake.collect(mailbox.mailbox_id)
    assert mailbox.row().trouble_code == ""
    monkeypatch.delenv("SSL_CERT_FILE")
    assert code() == "mail_certificate"


def test_starttls_works_and_plain_stays_on_this_machine(mailbox: MailWorld) -> None:
    mailbox.put(mail(1))
    mailbox.change(security="starttls", port=str(mailbox.server.plain_port))
    assert mailbox.house.app.mail.intake.collect(mailbox.mailbox_id).taken == 1
    mailbox.change(security="plain")
    mailbox.put(mail(2))
    assert mailbox.house.app.mail.intake.collect(mailbox.mailbox_id).taken == 1
    with pytest.raises(DmsError):
        mailbox.change(host="imap.elders.example")


def test_a_closed_mailbox_is_left_alone(mailbox: MailWorld) -> None:
    app = mailbox.house.app
    assert mailbox.mailbox_id in app.mail.intake.open_mailboxes()
    mailbox.change(open="nee")
    assert mailbox.mailbox_id not in app.mail.intake.open_mailboxes()


def test_a_mail_of_a_size_that_never_comes_in_is_refused(mailbox: MailWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    app = mailbox.house.app
    mailbox.put(mail(1, attachment=noise(1, 3000)), mail(2))
    monkeypatch.setattr(app.mail.intake, "_most_bytes", 2000)
    run = app.mail.intake.collect(mailbox.mailbox_id)
    assert (run.taken, run.failed) == (1, 1)
    (refused,) = mailbox.rows(MailState.REFUSED)
    assert refused.reason_code == "mail_too_large"
    assert (mailbox.count(), mailbox.count("Geweigerd")) == (0, 1)


def test_faults_of_the_network_and_of_the_setup_are_told_apart() -> None:
    assert MailDown().retryable
    assert not MailWrong("x").retryable
