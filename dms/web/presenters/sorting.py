"""Heads of a table that sort it: an order in the address, so that it can be kept and shared."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from dms.web.presenters.addresses import with_fields
from dms.web.texts import say

FIELD = "sorteer"
"""The field of the address: `naam` from low to high, `-naam` from high to low."""


@dataclass(frozen=True, slots=True)
class Order:
    """The order that is asked: a key, and whether from high to low."""

    key: str
    down: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One head. `address` is empty where one cannot sort; `direction` is `ascending`, `descending` or empty."""

    label: str
    address: str = ""
    direction: str = ""
    figure: bool = False


def figure(label: str) -> Column:
    """The head of a column of numbers that cannot be sorted; `label` is in the chosen language already."""
    return Column(label, figure=True)


def figures(labels: Iterable[str]) -> list[Column]:
    """The heads of columns of numbers, after one another."""
    return [figure(x) for x in labels]


def asked_order(keys: Iterable[str], default: str) -> Order:
    """The order in the address when it is one of `keys`, else `default` (written as in the address)."""
    given = request.args.get(FIELD, "")
    text = given if given.removeprefix("-") in set(keys) else default
    return Order(text.removeprefix("-"), text.startswith("-"))


def columns(
    endpoint: str, heads: Iterable[tuple[str, str]], order: Order, figures: Iterable[str] = ()
) -> tuple[Column, ...]:
    """The heads of a table on the page of `endpoint` (without places in its address).

    `heads` are (key, Dutch label): an empty key cannot be sorted. `figures` are keys or labels of columns of numbers.
    A head gives the address that sorts by it, and turns the order round where it sorts already.
    """
    right = frozenset(figures)
    kept = {k: v for k, v in request.args.items() if k not in {FIELD, "bladzijde"}}
    made = []
    for key, label in heads:
        figure = key in right or label in right
        if not key:
            made.append(Column(say(label), figure=figure))
            continue
        here = order.key == key
        turned = f"-{key}" if here and not order.down else key
        direction = ("descending" if order.down else "ascending") if here else ""
        made.append(Column(say(label), with_fields(endpoint, {**kept, FIELD: turned}), direction, figure))
    return tuple(made)
