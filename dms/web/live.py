"""Server-sent events: a list of items tells by itself what changed, as long as something in it is busy.

A stream holds one thread of the server. So there are few of them at a time, each ends after a while (the browser comes
back, and is asked again who it is), and a person has one for each list at most. Who gets none asks again and again
instead, as does a browser without scripts: nothing works only by a stream.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flask import Response, render_template, stream_with_context

from dms.kernel.errors import DmsError, OutsideDown
from dms.kernel.text import N_
from dms.web.presenters.items import ItemCard, counted, summary

MOST_STREAMS = 6
"""Of the server's 16 threads."""
LONGEST_SECONDS = 45.0
LOOK_SECONDS = 0.5
SLOW_LOOK_SECONDS = 1.0
SLOW_FROM = 60
"""With so many items a look costs more, and is taken less often."""
SIGN_OF_LIFE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a stream lasts and how often it looks, in seconds."""

    longest: float = LONGEST_SECONDS
    look: float = LOOK_SECONDS


class Room:
    """Counts the streams of this process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._open: dict[str, int] = {}
        self._turn = 0

    def enter(self, who: str) -> int | None:
        """A turn for `who`, whose earlier stream then ends; None when there is no room."""
        with self._lock:
            if who not in self._open and len(self._open) >= self._most:
                return None
            self._turn += 1
            self._open[who] = self._turn
            return self._turn

    def holds(self, who: str, turn: int) -> bool:
        """Whether this is still the stream of `who`."""
        with self._lock:
            return self._open.get(who) == turn

    def leave(self, who: str, turn: int) -> None:
        """The stream has ended."""
        with self._lock:
            if self._open.get(who) == turn:
                del self._open[who]

    @property
    def taken(self) -> int:
        """How many streams are open."""
        with self._lock:
            return len(self._open)


room = Room(MOST_STREAMS)


def streamed(who: str, look: Callable[[], Sequence[ItemCard]], pace: Pace | None = None) -> Response:
    """The changes of the list that `look` gives, until nothing in it is busy. `who` is the person with the list.

    Raises OutsideDown (which can be tried again) when all streams are taken.
    """
    turn = room.enter(who)
    if turn is None:
        raise OutsideDown(
            N_("Er is nu geen plaats om live mee te kijken."), N_("De lijst ververst zichzelf."), code="no_stream"
        )
    events = _events(who, turn, look, pace or Pace())
    answer = Response(stream_with_context(events), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    answer.call_on_close(lambda: room.leave(who, turn))
    return answer


def _events(who: str, turn: int, look: Callable[[], Sequence[ItemCard]], pace: Pace) -> Iterator[str]:
    began = said = time.monotonic()
    known: dict[str, ItemCard] = {}
    order: list[str] = []
    try:
        while room.holds(who, turn) and time.monotonic() - began < pace.longest:
            cards = look()
            fresh = [x for x in cards if known.get(x.key) != x]
            now_order = [x.key for x in cards]
            busy = any(x.busy for x in cards)
            if fresh or now_order != order or not busy:
                known, order = {x.key: x for x in cards}, now_order
                yield _event("rows", _change(fresh, cards, order, busy=busy))
                said = time.monotonic()
            elif time.monotonic() - said > SIGN_OF_LIFE_SECONDS:
                yield ": \n\n"  # shows whether anybody still listens
                said = time.monotonic()
            if not busy:
                break
            time.sleep(SLOW_LOOK_SECONDS if len(cards) >= SLOW_FROM else pace.look)
    except DmsError:
        pass  # what is wrong shows at the next ordinary request
    finally:
        room.leave(who, turn)
    yield _event("end", {})


def _change(fresh: Sequence[ItemCard], cards: Sequence[ItemCard], order: list[str], *, busy: bool) -> dict[str, object]:
    return {
        "rows": [render_template("upload/_one.html", item=x) for x in fresh],
        "order": order,
        "summary": summary(cards),
        "counts": counted(cards),
        "busy": busy,
    }


def _event(name: str, data: dict[str, object]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
