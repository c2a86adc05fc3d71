"""At the desk stands how a paper came: whose mail, by whose hand, from which scanner folder."""

import pytest
from sqlalchemy import select, update

from dms.db.tables import IntakeRow, ItemRow, ScanFolderRow, SchoolRow
from dms.model.documents import Desk, ItemState, Source
from dms.services.shapes import CameFrom, Hints
from tests.formats import making
from tests.houses import BRIN, House
from tests.sources.mail_world import AUTHSERV, MailWorld, mail
from tests.sources.test_source_screens import client_of, page

SURE = f"{AUTHSERV}; dmarc=pass header.from=elders.example"


def at_desk(house: House, name: str) -> CameFrom:
    """Where the item with this name came from, as Anouk sees it."""
    anouk = house.by("anouk")
    item = next(x for x in house.app.desk.waiting(anouk, BRIN, Desk.ORDINARY) if x.name == name)
    found = house.app.desk.item(anouk, item.item_id).origin
    assert found is not None
    return found


@pytest.mark.slow
def test_a_mail_shows_its_sender_and_whether_that_is_sure(mailbox: MailWorld) -> None:
    house = mailbox.house
    mailbox.put(
        mail(1, "Roos <roos@elders.example>", subject="Fiets kwijt", Authentication_Results=SURE),
        mail(2, "Iemand <iemand@elders.example>", subject="Hek stuk", Authentication_Results=f"{AUTHSERV}; spf=pass"),
    )
    house.app.mail.intake.collect(mailbox.mailbox_id)
    house.work()
    sure = at_desk(house, "Fiets kwijt.eml")
    assert sure == CameFrom(Source.MAIL, "roos@elders.example", "Fiets kwijt", "2026-10-15", True)
    assert not at_desk(house, "Hek stuk.eml").verified
    reasons = {x.name: x.reason.code for x in house.app.desk.waiting(house.by("anouk"), BRIN, Desk.ORDINARY)}
    assert reasons["Fiets kwijt.eml"] == "sender_without_rule"
    assert reasons["Hek stuk.eml"] == "sender_unverified"
    anouk = house.by("anouk")
    unsure = next(x for x in house.app.desk.waiting(anouk, BRIN, Desk.ORDINARY) if x.name == "Hek stuk.eml")
    shown = page(client_of(house, "anouk"), f"/postbak/{unsure.item_id}")
    line = "E-mail van iemand@elders.example · afzender niet gecontroleerd · onderwerp: Hek stuk · 15 oktober 2026"
    assert line in shown


@pytest.mark.slow
def test_the_subject_is_kept_from_who_may_not_see_all_that_came_with_it(mailbox: MailWorld) -> None:
    house = mailbox.house
    letter = making.letter("Een brief over het lezen.")
    mailbox.put(mail(3, "Roos <roos@elders.example>", subject="Fiets gevonden", attachment=letter))
    house.app.mail.intake.collect(mailbox.mailbox_id)
    house.work()
    assert at_desk(house, "stuk 3.pdf").subject == "Fiets gevonden"
    (intake,) = mailbox.intakes()
    with house.app.database.begin() as uow:
        uow.session.execute(
            update(ItemRow)
            .where(ItemRow.intake_id == intake.id, ItemRow.part == 2, ItemRow.state == ItemState.DESK)
            .values(level=3, category="ZRG-05", desk=Desk.CARE)
        )
    now = at_desk(house, "stuk 3.pdf")
    assert (now.by, now.subject) == ("roos@elders.example", "")


@pytest.mark.slow
def test_who_sent_it_in_and_from_which_folder(shared_house: House) -> None:
    house = shared_house
    house.send([("briefje.txt", b"Een briefje over de fietsenstalling, zonder naam erin.")], house.by("anouk"))
    with house.app.database.begin() as uow:
        school = uow.session.scalars(select(SchoolRow.id).where(SchoolRow.brin == BRIN)).one()
        folder = ScanFolderRow(school_id=school, name="Balie", folder="balie", created_at=uow.now, changed_at=uow.now)
        uow.session.add(folder)
        uow.flush()
        place = str(folder.id)
    hints = Hints(origin={"scan_folder": place})
    house.app.receive.receive(
        house.by("anouk"), BRIN, Source.UPLOAD, [("kladje.txt", [b"Een kladje over het hek, zonder naam."])], hints
    )
    house.work()
    with house.app.database.begin() as uow:  # as the scanner brings it: by nobody
        named = select(ItemRow.intake_id).where(ItemRow.name == "kladje.txt").scalar_subquery()
        uow.session.execute(
            update(IntakeRow).where(IntakeRow.id == named).values(source=Source.SCANNER, submitted_by=None)
        )
    assert at_desk(house, "briefje.txt") == CameFrom(Source.UPLOAD, "Anouk Terlouw")
    assert at_desk(house, "kladje.txt") == CameFrom(Source.SCANNER, "Balie")
