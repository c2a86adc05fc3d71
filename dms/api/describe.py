"""What a route says of itself for the OpenAPI document: its answer, its form and its parameters as types."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., object])
MARK = "__api_description__"


class Octets:
    """Stands for an answer of plain bytes."""


BYTES = Octets


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its status, and the dataclass of its body (BYTES for a file)."""

    status: int
    body: type[Any] | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something in the query or in a header. `whole`: a number; `choices`: one of these words."""

    name: str
    place: str
    required: bool = False
    whole: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """All that a route says of itself. `fails` are statuses beyond those that every route can have."""

    summary: str
    answer: Answer
    form: type[Any] | None = None
    parameters: tuple[Parameter, ...] = ()
    fails: tuple[int, ...] = ()


def describes(
    summary: str,
    answer: Answer,
    *,
    form: type[Any] | None = None,
    parameters: tuple[Parameter, ...] = (),
    fails: tuple[int, ...] = (),
) -> Callable[[View], View]:
    """Let a route say what it takes and gives."""

    def declare(view: View) -> View:
        setattr(view, MARK, Description(summary, answer, form, parameters, fails))
        return view

    return declare


def description_of(view: Callable[..., object]) -> Description | None:
    """What a route says; None where it says nothing."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Description) else None
