"""Training: multinomial logistic regression by small steps (Adagrad), from a model that is there or from nothing.

A school's model begins at the shipped one and is held to it (`hold`): what its papers say little about stays as it was.
The same examples give the same model.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.rules.learned.features import Features, stacked
from ingest.rules.learned.model import LinearModel, empty

BATCH = 32
RATE = 0.1
START = 1e-6
"""What Adagrad has seen before the first step: little, because the weights of one word are small."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of which a person said what it is. `weight`: how much it counts (a correction more than a nod)."""

    text: Features
    code: str
    weight: float = 1.0


def train(
    examples: Sequence[Example],
    codes: Sequence[str],
    start: LinearModel | None = None,
    *,
    rounds: int = 12,
    hold: float = 1e-4,
    seed: int = 1,
    alive: Callable[[], None] | None = None,
) -> LinearModel:
    """The model of `codes` that fits `examples`; kinds without an example stay as in `start`.

    `hold` pulls every weight towards `start` (towards nothing where there is none). `alive` is called now and then in
    long work. Raises ValueError for an example of a kind that is not in `codes`.
    """
    base = start.with_codes(codes) if start is not None else empty(codes)
    if not examples:
        return base
    column = {code: nth for nth, code in enumerate(codes)}
    try:
        wanted = np.array([column[x.code] for x in examples])
    except KeyError as fault:
        raise ValueError(f"an example of an unknown kind: {fault}") from fault
    places, values, starts = stacked([x.text for x in examples])
    counts = np.array([x.weight for x in examples], dtype=np.float32)
    weights, bias = base.weights.copy(), base.bias.copy()
    moved, moved_bias = np.full_like(weights, START), np.full_like(bias, START)
    # What a school never gets stays as likely as it was: only kinds with examples move, and no kind for its number.
    moving = np.isin(np.arange(len(codes)), wanted) if start is not None else None
    order = np.random.default_rng(seed)
    for _ in range(rounds):
        chosen = order.permutation(len(examples))
        for begin in range(0, len(chosen), BATCH):
            _step(
                chosen[begin : begin + BATCH], (places, values, starts), wanted, counts,
                (weights, bias), (moved, moved_bias), base, hold, moving,
            )  # fmt: skip
            if alive is not None:
                alive()
    return LinearModel(tuple(codes), weights, bias)


def _step(
    batch: np.ndarray,
    texts: tuple[np.ndarray, np.ndarray, np.ndarray],
    wanted: np.ndarray,
    counts: np.ndarray,
    now: tuple[np.ndarray, np.ndarray],
    moved: tuple[np.ndarray, np.ndarray],
    base: LinearModel,
    hold: float,
    moving: np.ndarray | None,
) -> None:
    """One small step down, in place."""
    places, values, starts = texts
    weights, bias = now
    lengths = starts[batch + 1] - starts[batch]
    index = np.concatenate([np.arange(starts[x], starts[x + 1]) for x in batch])
    rows = np.repeat(np.arange(len(batch)), lengths)
    at, share = places[index], values[index]
    scores = np.zeros((len(batch), weights.shape[1]), dtype=np.float32)
    np.add.at(scores, rows, weights[at] * share[:, None])
    scores += bias
    scores -= scores.max(axis=1, keepdims=True)
    error = np.exp(scores)
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(batch)), wanted[batch]] -= 1.0
    error *= counts[batch][:, None] / max(1.0, float(counts[batch].sum()))
    touched, back = np.unique(at, return_inverse=True)
    slope = np.zeros((len(touched), weights.shape[1]), dtype=np.float32)
    np.add.at(slope, back, error[rows] * share[:, None])
    slope += hold * (weights[touched] - base.weights[touched])
    if moving is not None:
        slope *= moving
    moved[0][touched] += slope**2
    weights[touched] -= RATE * slope / np.sqrt(moved[0][touched])
    if moving is not None:
        return
    lean = error.sum(axis=0)
    moved[1][:] += lean**2
    bias -= RATE * lean / np.sqrt(moved[1])
