"""A link that locked after wrong codes: its maker unlocks it once, with a new access code; nothing older opens it."""

import re
import threading
from contextlib import suppress

import pytest
from sqlalchemy import select

from dms.db.tables import AuditEventRow
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.model.events import EventKind
from dms.model.links import Verification
from dms.services.links import doorway
from dms.services.links.shapes import Made
from tests.portal.doors_world import Doors, path
from tests.portal.test_doors_closed import WRONG, by_mail, mailed
from tests.retention.test_retention_commands import dms
from tests.rights.test_rights_screens import signed_in, token

FEW = 4


@pytest.fixture(autouse=True)
def soon_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links lock after a few wrong codes here; after how many, `test_doors_closed.py` tells."""
    monkeypatch.setattr(doorway, "WRONG_A_DAY", FEW)


def lock(doors: Doors, made: Made) -> None:
    """As many wrong codes as a link takes."""
    for n in range(FEW):
        client = doors.browser(f"198.51.100.{n}")
        client.post(path(made))
        client.post(path(made), data={"code": WRONG})
    assert doors.row(made).locked_at is not None


def tried(doors: Doors, made: Made, code: str) -> int:
    return doors.browser("198.51.100.200").post(path(made), data={"code": code}).status_code


def test_its_maker_unlocks_a_link_once_with_a_new_code(doors: Doors) -> None:
    made = doors.link("plan")
    inside = doors.enter(made)
    lock(doors, made)
    carla = signed_in(doors.house, "carla")
    address = f"/deellinks/{made.link_id}"
    assert "Haal van het slot" in carla.get(address).text
    assert "Haal van het slot" not in signed_in(doors.house, "esra").get(address).text
    with pytest.raises((Refused, NotFound)):
        doors.house.app.links.unlock(doors.house.by("esra"), made.link_id)
    with pytest.raises(NotFound):
        doors.house.app.links.unlock(doors.house.by("mees"), made.link_id)
    asked = {"csrf_token": token(carla, "/"), "doe": "ontgrendelen"}
    page = carla.post(address, data=asked)
    code = re.search(r'id="code">(\d{4}) (\d{4})<', page.text)
    assert code is not None
    assert page.headers["Cache-Control"] == "no-store"
    assert tried(doors, made, made.access_code) == 403, "the old code"
    assert tried(doors, made, code[1] + code[2]) == 303
    assert inside.get("/portaal/gedeeld").status_code == 200
    text = carla.get(address).text
    assert "Van het slot gehaald" in text
    assert code[1] + code[2] not in text.replace(" ", "")
    lock(doors, made)
    assert "één keer van het slot gehaald" in carla.get(address).text
    assert carla.post(address, data=asked).status_code == 400
    assert tried(doors, made, code[1] + code[2]) == 403
    with doors.house.app.database.read() as session:
        asked_log = select(AuditEventRow.actor_id).where(
            AuditEventRow.kind == EventKind.LINK_UNLOCKED, AuditEventRow.object_id == made.link_id
        )
        assert session.scalars(asked_log).all() == [doors.house.by("carla").user_id]


def unlocked_once(doors: Doors) -> None:
    """Two who unlock a link at once get one code between them, whatever the database."""
    app, anouk = doors.house.app, doors.house.by("anouk")
    made = doors.link("adres", maker="anouk", verification=Verification.CODE)
    lock(doors, made)
    assert tried(doors, made, made.access_code) == 403
    ready = threading.Barrier(2, timeout=60)
    codes: list[str] = []

    def unlock() -> None:
        ready.wait()
        with suppress(BadInput):
            codes.append(app.links.unlock(anouk, made.link_id))

    both = [threading.Thread(target=unlock) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(codes) == 1
    assert (tried(doors, made, made.access_code), tried(doors, made, codes[0])) == (403, 303)
    lock(doors, made)
    with pytest.raises(BadInput):
        app.links.unlock(anouk, made.link_id)


def test_two_who_unlock_at_once_get_one_code(doors: Doors) -> None:
    unlocked_once(doors)  # on PostgreSQL in `test_doors_race.py`, which has a house there


def test_a_code_mailed_before_opens_nothing_after(doors: Doors) -> None:
    made = by_mail(doors)
    first = doors.browser()
    first.post(path(made))
    code = mailed(doors, made)
    lock(doors, made)
    (told,) = dms(doors.house, "link", "unlock", str(made.link_id), "--user", "anouk@deregenboog.example")
    assert first.post(path(made), data={"code": code}).status_code == 403
    assert tried(doors, made, told["access_code"]) == 303


def test_a_link_that_is_not_locked_or_is_over_stays_as_it_is(doors: Doors) -> None:
    open_one, gone = doors.link("plan"), doors.link("plan")
    lock(doors, gone)
    carla = doors.house.by("carla")
    doors.house.app.links.revoke(carla, gone.link_id)
    for made in (open_one, gone):
        before = doors.row(made)
        dms(doors.house, "link", "unlock", str(made.link_id), "--user", "carla@deregenboog.example", code=2)
        assert doors.row(made).access_code_hash == before.access_code_hash
