"""A sending: files that are dropped at once, kept once each, followed live by a stream with a cap, or without one."""

import json
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from dms.kernel.errors import OutsideDown
from dms.web import live
from dms.web.live import Pace, Room, streamed
from dms.web.presenters.items import ItemCard, attention_first, counted
from tests.web.screen_world import World, letter, token

NOBODY = "iemand"


def send(client: FlaskClient, sending: str, number: int, name: str, data: bytes) -> str:
    """One file of a sending, as the script sends it; the id of its intake."""
    answer = client.post(
        "/inname/bestand",
        data=data,
        content_type="application/octet-stream",
        headers={
            "X-CSRFToken": token(client, "/inname"),
            "X-Requested-With": "fetch",
            "X-File-Name": name,
            "X-Sending": f"{sending}/{number}",
        },
    )
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return str(answer.json["intake_id"])


def said(body: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The events of a stream."""
    for block in body.split("\n\n"):
        lines = dict(x.split(": ", 1) for x in block.splitlines() if x and not x.startswith(":"))
        if lines:
            yield lines["event"], json.loads(lines["data"])


def test_a_sending_is_kept_once_and_found_back(world: World) -> None:
    client, sending = world.client("anouk"), str(uuid4())
    data = letter(world.demo, "leave request", world.pupil(8), world.today, seed=311)
    first = send(client, sending, 1, "verlof%208.pdf", data)
    assert send(client, sending, 1, "verlof%208.pdf", data) == first  # its answer was lost on the way
    send(client, sending, 2, "kapot.pdf", b"geen pdf")
    page = client.get(f"/inname/zending/{sending}").get_data(as_text=True)
    assert page.count('data-state="') == 2
    assert '<noscript><meta http-equiv="refresh"' in page
    world.work()
    page = client.get(f"/inname/zending/{sending}").get_data(as_text=True)
    assert page.index("kapot.pdf") < page.index("verlof 8.pdf")  # what needs a person stands on top
    assert "http-equiv" not in page
    other = world.client("dirk")
    assert other.get(f"/inname/zending/{sending}").status_code == 404
    assert client.get(f"/inname/zending/{uuid4()}").status_code == 404


@pytest.mark.slow
def test_a_stream_says_what_changes_and_ends_when_all_is_done(world: World) -> None:
    client, sending = world.client("anouk"), str(uuid4())
    send(client, sending, 1, "live.pdf", letter(world.demo, "photo consent", world.pupil(9), world.today, seed=312))
    address = f"/inname/zending/{sending}/live"
    others = live.room.taken  # streams that other tests of this process left unread
    answer = client.get(address)
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    events = said_while_working(world, answer.response)
    names = [name for name, _ in events]
    assert names[-1] == "end"
    states = [row for name, data in events if name == "rows" for row in data["rows"]]
    assert 'data-state="waiting"' in states[0]
    assert any(x in states[-1] for x in ('data-state="filed"', 'data-state="desk"'))
    assert [data["busy"] for name, data in events if name == "rows"][-1] is False
    for _ in range(100):  # the server lets go just after the last line was read
        if live.room.taken <= others:
            break
        time.sleep(0.05)
    assert live.room.taken <= others


def said_while_working(world: World, response: Iterator[bytes]) -> list[tuple[str, dict[str, object]]]:
    """All events; after the first one what waits is read."""
    events: list[tuple[str, dict[str, object]]] = []
    for piece in response:
        events += said(piece.decode() if isinstance(piece, bytes) else piece)
        if len(events) == 1:
            world.work()
    return events


def test_there_is_room_for_few_streams_and_one_each(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(live, "room", Room(2))
    with world.app.test_request_context():
        busy = card("1", busy=True)
        kept = [streamed(x, lambda: [busy], Pace(longest=60)) for x in ("a", "b")]
        with pytest.raises(OutsideDown) as refused:
            streamed("c", lambda: [busy], Pace())
        assert refused.value.code == "no_stream"
        again = streamed("a", lambda: [busy], Pace(longest=60))  # the same person once more: the earlier one ends
        assert list(kept[0].response)[-1].startswith("event: end")
        again.close()
        kept[1].close()
        assert live.room.taken == 0
        short = streamed("d", lambda: [busy], Pace(longest=0.05, look=0.01))
        assert [x.split("\n")[0] for x in short.response] == ["event: rows", "event: end"]


def test_without_room_the_page_is_told_so_as_data(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(live, "room", Room(0))
    answer = world.client("anouk").get("/inname/live", headers={"X-Requested-With": "fetch"})
    assert (answer.status_code, answer.json["code"]) == (503, "no_stream")


def test_what_needs_a_person_comes_first() -> None:
    cards = [card("klaar"), card("bezig", busy=True), card("fout", tone="bad"), card("postbak", desk="/postbak/1")]
    assert [x.key for x in attention_first(cards)] == ["fout", "postbak", "bezig", "klaar"]


@pytest.mark.slow
def test_states_are_counted_in_words(world: World) -> None:
    with world.app.test_request_context():
        assert (
            counted([card("a"), card("b"), card("c", tone="bad", label="Geweigerd")]) == "Opgeborgen: 2 · Geweigerd: 1"
        )


def card(key: str, *, busy: bool = False, tone: str = "good", desk: str = "", label: str = "Opgeborgen") -> ItemCard:
    """An item in some state."""
    return ItemCard(
        key=key,
        name=f"{key}.pdf",
        state="filed",
        label=label,
        tone=tone,
        busy=busy,
        step="",
        pages=None,
        pages_done=0,
        reason="",
        advice="",
        went_to="",
        document_address="",
        desk_label="",
        desk_address=desk,
        can_retry=False,
        received="",
    )
