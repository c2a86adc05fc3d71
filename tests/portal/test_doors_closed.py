"""What does not open a link, and how little anybody learns by trying."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from dms.db.tables import LetterRow, LinkChallengeRow, LinkCounterRow, PlacementRow, RoleHeldRow, ScopedLinkRow, UserRow
from dms.model.letters import LetterKind
from dms.model.links import Verification
from dms.services.links import doorway_counters
from dms.services.links.doorway import TRIES_A_CHALLENGE, WRONG_A_DAY
from dms.services.links.shapes import Made
from rights.rules.links import make_token
from tests.portal.doors_world import Doors, path, refused_alike

WRONG = "00000000"


def fresh_token() -> str:
    """A token of the right form that no link has."""
    return make_token(uuid4().bytes + uuid4().bytes)


def others(doors: Doors) -> dict[str, str]:
    """The paths of addresses that open nothing: unknown, malformed, ended, revoked, and of a maker without rights."""
    ended, revoked = doors.link("plan"), doors.link("plan")
    doors.house.app.links.revoke(doors.house.by("carla"), revoked.link_id)
    with doors.house.app.database.begin() as uow:
        uow.session.execute(
            update(ScopedLinkRow).where(ScopedLinkRow.id == ended.link_id).values(ends=uow.now - timedelta(days=1))
        )
    return {
        "unknown": f"/l/{fresh_token()}",
        "malformed": "/l/dl1_abc",
        "ended": path(ended),
        "revoked": path(revoked),
    }


@pytest.mark.slow
def test_a_mail_scanner_uses_nothing_up_and_opens_nothing(doors: Doors) -> None:
    made = doors.link("plan", openings=1)
    client = doors.browser()
    for method, headers in (
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"Range": "bytes=0-10"}),
        ("GET", {"Purpose": "prefetch", "Sec-Purpose": "prefetch"}),
        ("OPTIONS", {}),
    ):
        answer = client.open(path(made), method=method, headers=headers, buffered=True)
        assert answer.status_code in {200, 404}, method
        assert "Set-Cookie" not in answer.headers
    for method in ("PUT", "DELETE", "PATCH"):
        assert client.open(path(made), method=method).status_code == 404
    assert doors.events(made) == ["fetched"], "and once, not once for each"
    assert doors.row(made).openings == 0
    assert client.get("/portaal/gedeeld").status_code == 401
    doors.enter(made)


def test_every_address_has_the_same_page_and_the_same_question(doors: Doors) -> None:
    addresses = [path(doors.link("plan")), *others(doors).values()]
    pages = [doors.browser().get(x) for x in addresses]
    assert pages[0].status_code == 200
    assert refused_alike(pages)
    asked = [doors.browser().post(x) for x in addresses]
    assert asked[0].status_code == 200
    assert refused_alike(asked)
    assert len({len(x.headers["Set-Cookie"]) for x in asked}) == 1
    tried = [doors.browser(f"203.0.113.{n}").post(x, data={"code": WRONG}) for n, x in enumerate(addresses)]
    assert tried[0].status_code == 403
    assert refused_alike(tried)
    account = [doors.browser().post(x, data={"account": "1"}) for x in addresses]
    assert refused_alike(account)


def test_a_dead_link_opens_to_the_right_code_as_little_as_to_a_wrong_one(doors: Doors) -> None:
    made = doors.link("plan")
    client = doors.browser()
    client.post(path(made))
    wrong = client.post(path(made), data={"code": WRONG})
    doors.house.app.links.revoke(doors.house.by("carla"), made.link_id)
    assert refused_alike([wrong, client.post(path(made), data={"code": made.access_code})])


def mailed(doors: Doors, made: Made) -> str:
    """The code of the newest letter with one, as its reader would find it."""
    house = doors.house.app
    with house.database.read() as session:
        row = session.scalars(
            select(LetterRow).where(LetterRow.kind == LetterKind.LINK_CODE).order_by(LetterRow.posted_at.desc())
        ).first()
    assert row is not None
    assert row.secret_key is not None
    assert row.secret_sealed is not None
    assert row.address_sealed is not None
    assert row.address_key is not None
    to = house.vault.unseal(row.address_key, row.address_column, row.address_sealed).decode()
    assert to == "nadia@swv.example"
    return house.vault.unseal(row.secret_key, row.secret_column, row.secret_sealed).decode()


def by_mail(doors: Doors) -> Made:
    """A link whose code goes by e-mail."""
    return doors.link("adres", maker="anouk", verification=Verification.EMAIL, email="nadia@swv.example")


def test_a_code_by_mail_belongs_to_one_question_opens_once_and_for_ten_minutes(doors: Doors) -> None:
    made = by_mail(doors)
    assert made.access_code == ""
    first, second = doors.browser(), doors.browser("203.0.113.8")
    first.post(path(made))
    code = mailed(doors, made)
    assert len(code) == 8
    assert code.isdecimal()
    second.post(path(made))
    assert second.post(path(made), data={"code": code}).status_code == 403, "a code of another question"
    assert doors.browser("203.0.113.9").post(path(made), data={"code": code}).status_code == 403, "without a question"
    cookie = first.get_cookie("dms-link-vraag")
    assert cookie is not None
    assert first.post(path(made), data={"code": code}).status_code == 303
    again = doors.browser("203.0.113.10")
    again.set_cookie("dms-link-vraag", cookie.value)
    assert again.post(path(made), data={"code": code}).status_code == 403, "a code works once"
    late = doors.browser("203.0.113.11")
    late.post(path(made))
    code = mailed(doors, made)
    doors.clock.ahead = timedelta(minutes=10, seconds=1)
    assert late.post(path(made), data={"code": code}).status_code == 403, "a code that is too old"


def test_a_question_takes_five_tries(doors: Doors) -> None:
    made = doors.link("plan")
    client = doors.browser()
    client.post(path(made))
    for _ in range(TRIES_A_CHALLENGE):
        assert client.post(path(made), data={"code": WRONG}).status_code == 403
    assert client.post(path(made), data={"code": made.access_code}).status_code == 403
    client.post(path(made))
    assert client.post(path(made), data={"code": made.access_code}).status_code == 303


def test_after_twenty_wrong_codes_a_day_the_link_locks_and_its_maker_hears(doors: Doors) -> None:
    made = doors.link("plan")
    inside = doors.enter(made)
    for n in range(WRONG_A_DAY):
        assert doors.browser(f"198.51.100.{n}").post(path(made), data={"code": WRONG}).status_code == 403
    assert doors.row(made).locked_at is not None
    assert doors.browser("198.51.100.99").post(path(made), data={"code": made.access_code}).status_code == 403
    assert doors.events(made)[-1] == "locked"
    with doors.house.app.database.read() as session:
        letters = session.scalars(select(LetterRow).where(LetterRow.kind == LetterKind.LINK_LOCKED)).all()
    assert doors.house.by("carla").user_id in [x.user_id for x in letters]
    assert inside.get("/portaal/gedeeld").status_code == 200, "who was verified before is still served"


def test_a_tries_limit_that_cannot_count_refuses(doors: Doors) -> None:
    made = doors.link("plan")
    client = doors.browser()
    with doors.house.app.database.engine.connect() as holding:
        holding.exec_driver_sql("DROP TRIGGER IF EXISTS no_counting")
        holding.exec_driver_sql(
            "CREATE TRIGGER no_counting BEFORE UPDATE ON link_counters BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        holding.commit()
    try:
        assert client.post(path(made)).status_code >= 500
        assert client.post(path(made), data={"code": made.access_code}).status_code >= 500
        assert doors.row(made).openings == 0
    finally:
        with doors.house.app.database.engine.connect() as holding:
            holding.exec_driver_sql("DROP TRIGGER no_counting")
            holding.commit()


def test_guessing_is_slowed_down_for_a_while_and_for_one_place(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorway_counters, "BUCKET", 12)
    guesser = doors.browser("198.51.100.200")
    answers = [guesser.post(f"/l/{fresh_token()}", data={"code": WRONG}).status_code for _ in range(20)]
    assert answers[0] == 403
    assert set(answers) == {403, 429}
    assert answers[-1] == 429
    made = doors.link("plan")
    assert doors.browser("198.51.100.201").post(path(made), data={"code": made.access_code}).status_code == 303
    doors.clock.ahead = timedelta(seconds=12)
    assert guesser.post(path(made), data={"code": made.access_code}).status_code == 303


@pytest.mark.parametrize("openings", [3])
def test_openings_at_once_are_exactly_as_many_as_were_given(doors: Doors, openings: int) -> None:
    made = doors.link("plan", openings=openings)
    ready = threading.Barrier(8)
    answers: list[int] = []

    def come() -> None:
        client = doors.browser()
        client.post(path(made))
        ready.wait()
        answers.append(client.post(path(made), data={"code": made.access_code}).status_code)

    threads = [threading.Thread(target=come) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(answers) == [303] * openings + [403] * (8 - openings)
    assert doors.row(made).openings == openings
    assert doors.events(made).count("verified") == openings


def test_a_session_is_new_belongs_to_its_link_and_ends(doors: Doors) -> None:
    made, other = doors.link("plan"), doors.link("rapport")
    client = doors.browser()
    client.set_cookie("dms-link", "gekozen-door-een-ander")
    doors.enter(made, client=client)
    cookie = client.get_cookie("dms-link")
    assert cookie is not None
    assert cookie.value != "gekozen-door-een-ander"
    assert len(cookie.value) >= 40
    assert cookie.http_only
    assert client.get(f"/portaal/gedeeld/{doors.documents['rapport']}").status_code == 404
    doors.enter(other, client=client)
    again = client.get_cookie("dms-link")
    assert again is not None
    assert again.value != cookie.value
    assert client.get(f"/portaal/gedeeld/{doors.documents['plan']}").status_code == 404
    doors.clock.ahead = timedelta(minutes=29)
    assert client.get("/portaal/gedeeld").status_code == 200
    doors.clock.ahead += timedelta(minutes=30, seconds=1)
    assert client.get("/portaal/gedeeld").status_code == 401


def test_a_visit_lasts_four_hours_at_most(doors: Doors) -> None:
    client = doors.enter(doors.link("plan"))
    for minutes in (29, 58, 87, 116, 145, 174, 203, 232):
        doors.clock.ahead = timedelta(minutes=minutes)
        assert client.get("/portaal/gedeeld").status_code == 200
    doors.clock.ahead = timedelta(hours=4, seconds=1)
    assert client.get("/portaal/gedeeld").status_code == 401


def gone(doors: Doors, made: Made, what: str) -> None:
    """Take away what the link stands on."""
    with doors.house.app.database.begin() as uow:
        if what == "ended":
            uow.session.execute(update(ScopedLinkRow).where(ScopedLinkRow.id == made.link_id).values(ends=uow.now))
        elif what == "maker off":
            uow.session.execute(
                update(UserRow).where(UserRow.id == doors.house.by("carla").user_id).values(disabled_at=uow.now)
            )
        elif what == "role over":
            uow.session.execute(
                update(RoleHeldRow)
                .where(RoleHeldRow.user_id == doors.house.by("carla").user_id)
                .values(until=uow.today - timedelta(days=1))
            )
        elif what == "unconfirmed":
            uow.session.execute(
                update(PlacementRow).where(PlacementRow.document_id == doors.documents["plan"]).values(confirmed=False)
            )
    if what == "revoked":
        doors.house.app.links.revoke(doors.house.by("carla"), made.link_id)
    elif what == "recipient":
        doors.house.app.links.readdress(doors.house.by("carla"), made.link_id, "Iemand anders")


@pytest.mark.parametrize("what", ["revoked", "recipient", "ended", "maker off", "role over", "unconfirmed"])
def test_a_link_that_dies_answers_410_at_the_next_request_of_who_was_in(doors: Doors, what: str) -> None:
    made = doors.link("plan")
    client = doors.enter(made)
    one = f"/portaal/gedeeld/{doors.documents['plan']}"
    assert client.get(f"{one}/bladzijde/1").status_code == 200
    live = doors.browser().get(path(made))
    carla = doors.house.by("carla").user_id
    try:
        gone(doors, made, what)
        for address, headers in (
            ("/portaal/gedeeld", {}),
            (one, {}),
            (f"{one}/bladzijde/1", {}),
            (f"{one}/bladzijde/1", {"Range": "bytes=0-99"}),
            (f"{one}/bestand", {}),
            (f"/portaal/gedeeld/{uuid4()}", {}),
        ):
            answer = client.get(address, headers=headers)
            assert answer.status_code == 410, address
            assert b"Nadia" not in answer.data
        assert refused_alike([live, doors.browser().get(path(made))])
    finally:
        with doors.house.app.database.begin() as uow:
            uow.session.execute(update(UserRow).where(UserRow.id == carla).values(disabled_at=None))
            uow.session.execute(update(RoleHeldRow).where(RoleHeldRow.user_id == carla).values(until=None))
            uow.session.execute(
                update(PlacementRow).where(PlacementRow.document_id == doors.documents["plan"]).values(confirmed=True)
            )


def test_what_is_not_shared_and_what_is_not_there_look_alike(doors: Doors) -> None:
    client = doors.enter(doors.link("plan"))
    for rest in ("", "/bladzijde/1", "/bestand"):
        hidden, absent = doors.documents["rapport"], uuid4()
        answers = [client.get(f"/portaal/gedeeld/{x}{rest}") for x in (hidden, absent)]
        assert answers[0].status_code == 404
        assert refused_alike(answers)
    own = doors.documents["plan"]
    assert refused_alike([client.get(f"/portaal/gedeeld/{x}/bestand") for x in (own, uuid4())])


def test_nothing_of_a_challenge_can_be_read_back(doors: Doors) -> None:
    made = by_mail(doors)
    client = doors.browser()
    client.post(path(made))
    code, cookie = mailed(doors, made), client.get_cookie("dms-link-vraag")
    assert cookie is not None
    with doors.house.app.database.read() as session:
        rows = session.scalars(select(LinkChallengeRow).where(LinkChallengeRow.link_id == made.link_id)).all()
        counters = session.scalars(select(LinkCounterRow)).all()
    kept = " ".join(f"{x.token_digest} {x.code_digest}" for x in rows) + " ".join(x.key for x in counters)
    for secret in (code, cookie.value, path(made).removeprefix("/l/"), "203.0.113.7"):
        assert secret not in kept
