"""A school that leaves: the states of an order to hand everything over."""

from enum import StrEnum


class ExitState(StrEnum):
    """Where an order is. A made one is used up: the next export needs another order."""

    OPEN = "open"
    MADE = "made"
    WITHDRAWN = "withdrawn"
