"""The mails of a link through a real SMTP server: its address, and the code that opens it. Nobody is named in them."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from dms.db.tables import PupilRow
from dms.model.links import Verification
from dms.services.notices.sending import LetterSender
from tests.letters.test_letters_by_mail import HOME, SENDER, Sink, body
from tests.portal.doors_world import Doors
from tests.servers.ports import HOST, free_port

TO = "zorg@swv.example"


@pytest.fixture(scope="module")
def sink() -> Iterator[tuple[Sink, str]]:
    """A mail server, and its address."""
    kept, port = Sink(), free_port()
    controller = Controller(kept, HOST, port)
    controller.start()
    yield kept, f"smtp://{HOST}:{port}"
    controller.stop()


def personal(doors: Doors) -> set[str]:
    """What must stand in no mail: the pupil, the papers, the purpose, the receiver's name, the maker."""
    with doors.house.app.database.read() as session:
        pupil = session.get_one(PupilRow, doors.pupil_id)
        names = {pupil.surname, pupil.given_name, pupil.number}
    titles = {doors.house.app.documents.facts(doors.house.by("carla"), x).title for x in doors.documents.values()}
    return names | titles | {"aanpak", "Nadia", "Anouk", "ADM-01", "adres.pdf"}


def test_address_and_code_arrive_by_mail_and_open_the_document(doors: Doors, sink: tuple[Sink, str]) -> None:
    kept, server = sink
    sender = LetterSender(doors.house.app.letters.texts._tools, server, SENDER, HOME)
    sender.send_waiting()
    kept.mails.clear()
    made = doors.link("adres", maker="anouk", verification=Verification.EMAIL, email=TO)
    assert made.sent
    assert sender.send_waiting() == 1
    (first,) = kept.mails
    address = re.search(r"https?://\S+/l/(dl1_[\w-]{48})", body(first))
    assert address is not None, body(first)
    client = doors.browser()
    assert client.post(f"/l/{address[1]}").status_code == 200
    assert sender.send_waiting() == 1
    second = kept.mails[1]
    code = re.search(r"(?<!\d)(\d{8}|\d{4} \d{4})(?!\d)", body(second))
    assert code is not None, body(second)
    entered = client.post(f"/l/{address[1]}", data={"code": code[1]})
    assert (entered.status_code, entered.location) == (303, "/portaal/gedeeld")
    assert client.get(f"/portaal/gedeeld/{doors.documents['adres']}/bladzijde/1").status_code == 200
    for mail in kept.mails:
        silent(mail, personal(doors))
        assert mail["To"] == TO
    assert address[1] not in body(second), "address and code go apart"
    for header in ("Subject", "From", "Message-ID"):
        for mail in kept.mails:
            assert address[1] not in str(mail[header])
            assert code[1] not in str(mail[header])
    assert address[1] not in str(second), "nor anywhere else in it"


def silent(mail: EmailMessage, words: set[str]) -> None:
    """Nothing personal in head or body."""
    said = f"{mail.as_string()}\n{body(mail)}".casefold()
    for word in words:
        assert not re.search(rf"\b{re.escape(word.casefold())}\b", said), word


def test_a_code_by_phone_is_in_no_mail(doors: Doors, sink: tuple[Sink, str]) -> None:
    kept, server = sink
    sender = LetterSender(doors.house.app.letters.texts._tools, server, SENDER, HOME)
    sender.send_waiting()
    kept.mails.clear()
    made = doors.link("plan", email=TO)
    client = doors.browser()
    client.post(f"/l/{made.url.rpartition('/')[2]}")
    assert sender.send_waiting() == 1
    (only,) = kept.mails
    assert made.access_code not in body(only)
    assert made.url.rpartition("/")[2] in body(only)
    silent(only, personal(doors) | {"plan.pdf"})
