"""What recognition ships with: the model of the first day, how it is weighed against the rules, and what was measured.

Made by `python -m benchmarks.recognition_table` out of invented papers; nothing of a school is in it.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ingest.rules.calibration import Curve
from ingest.rules.learned.combine import Weighing
from ingest.rules.learned.model import LinearModel
from ingest.rules.route import RouteThresholds

FOLDER = "dms.defaults"
MODEL, TABLE = "recognition.bin", "recognition.json"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The model, the weighing and the thresholds; `measured` says on what and when they were measured."""

    model: LinearModel
    weighing: Weighing
    thresholds: RouteThresholds
    measured: dict[str, Any]


@cache
def shipped() -> Shipped:
    """Read once; the same for every school."""
    folder = resources.files(FOLDER)
    table = json.loads(folder.joinpath(TABLE).read_text(encoding="utf-8"))
    weighing = Weighing(
        rules=table["rules"],
        learned=table["learned"],
        curve=_curve(table["category_curve"]),
        words_curve=_curve(table["words_curve"]),
    )
    thresholds = RouteThresholds(
        category=table["threshold"],
        categories=table["thresholds"],
        pupil_curve=_curve(table["pupil_curve"]),
        date_curve=_curve(table["date_curve"]),
    )
    return Shipped(LinearModel.from_bytes(folder.joinpath(MODEL).read_bytes()), weighing, thresholds, table["measured"])


def _curve(points: list[list[float]]) -> Curve:
    return Curve(tuple((float(score), float(chance)) for score, chance in points))
