"""A linear model: per kind one weight a place, and the likelihood of every kind. Small enough to lie in a row."""

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ingest.rules.learned.features import DIMENSIONS, Features

FORMAT = 1
_STEPS = 127
_HEAD = struct.Struct(">BI")


class NotAModel(ValueError):
    """These bytes are no model of this form."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """`weights` is places × kinds, `bias` one number a kind; `codes` are the kinds in that order."""

    codes: tuple[str, ...]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def likelihoods(self, text: Features, among: Sequence[str] | None = None) -> Mapping[str, float]:
        """Per kind (those `among` only) how likely, together 1; empty where the model knows none of them."""
        allowed = self.codes if among is None else [x for x in self.codes if x in frozenset(among)]
        if not allowed:
            return {}
        columns = [self.codes.index(x) for x in allowed]
        scores = text.weights @ self.weights[text.places][:, columns] + self.bias[columns]
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        return {code: float(share) for code, share in zip(allowed, shares, strict=True)}

    def to_bytes(self) -> bytes:
        """The model, rounded to 255 steps a kind and packed."""
        scale = np.maximum(np.abs(self.weights).max(axis=0), 1e-9) / _STEPS
        steps = np.round(self.weights / scale).astype(np.int8)
        head = json.dumps({"codes": self.codes}).encode()
        body = b"".join(
            (scale.astype(">f4").tobytes(), self.bias.astype(">f4").tobytes(), np.ascontiguousarray(steps.T).tobytes())
        )
        return _HEAD.pack(FORMAT, len(head)) + head + zlib.compress(body, 9)

    @classmethod
    def from_bytes(cls, raw: bytes) -> "LinearModel":
        """Read what `to_bytes` wrote. Raises NotAModel."""
        try:
            form, length = _HEAD.unpack_from(raw)
            codes = tuple(str(x) for x in json.loads(raw[_HEAD.size : _HEAD.size + length])["codes"])
            body = zlib.decompress(raw[_HEAD.size + length :])
            kinds = len(codes)
            if form != FORMAT or len(body) != kinds * (8 + DIMENSIONS):
                raise NotAModel(form)
            scale = np.frombuffer(body, ">f4", kinds).astype(np.float32)
            bias = np.frombuffer(body, ">f4", kinds, kinds * 4).astype(np.float32)
            steps = np.frombuffer(body, np.int8, kinds * DIMENSIONS, kinds * 8).reshape(kinds, DIMENSIONS)
        except (struct.error, zlib.error, KeyError, TypeError, ValueError) as fault:
            raise NotAModel(str(fault)) from fault
        return cls(codes, np.ascontiguousarray(steps.T.astype(np.float32) * scale), bias)

    def with_codes(self, codes: Sequence[str]) -> "LinearModel":
        """The same model over these kinds: new ones begin at nothing, old ones that are not among them go."""
        weights = np.zeros((DIMENSIONS, len(codes)), dtype=np.float32)
        bias = np.full(len(codes), float(self.bias.min()) if len(self.bias) else 0.0, dtype=np.float32)
        for column, code in enumerate(codes):
            if code in self.codes:
                own = self.codes.index(code)
                weights[:, column], bias[column] = self.weights[:, own], self.bias[own]
        return LinearModel(tuple(codes), weights, bias)


def empty(codes: Sequence[str]) -> LinearModel:
    """A model that knows nothing: every kind as likely as another."""
    return LinearModel(tuple(codes), np.zeros((DIMENSIONS, len(codes)), np.float32), np.zeros(len(codes), np.float32))
