"""Lets an answer take at least so long, whatever was found on the way: what differs inside does not show outside."""

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import request

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

LEAST: dict[str, float] = {"fetch": 0.03, "ask": 0.08, "enter": 0.25}
"""Seconds. Each is more than the work takes on a machine that is not overloaded: Argon2 is most of `enter`."""


def steady(kind: Callable[[], str]) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Let the view answer no sooner than LEAST of what `kind` says the request is."""

    def wrap(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
        @wraps(view)
        def waiting(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            begun = time.monotonic()
            least = LEAST[kind()]
            try:
                return view(*args, **kwargs)
            finally:
                rest = begun + least - time.monotonic()
                if rest > 0:
                    time.sleep(rest)

        return waiting

    return wrap


def door_kind() -> str:
    """What a request at the door of a link is: a fetch, a question for a code, or a code."""
    if request.method != "POST":
        return "fetch"
    return "enter" if given(request.form) else "ask"


def given(form: Mapping[str, str]) -> bool:
    """Whether the form is a try to enter."""
    return "code" in form or "account" in form
