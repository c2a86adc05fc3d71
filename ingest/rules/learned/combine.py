"""The rules and the learned model together: one chance per kind.

The rules say how clearly the best kind leads (their confidence as a logit), the model how likely each kind is; both are
weighed by two numbers that were measured (`dms/defaults/recognition.json`), and a curve turns the result into a chance.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.calibration import Curve
from ingest.rules.classify import BY_TITLE, CategorySuggestion

MOST = 5
FEWEST_WORDS = 10
"""With fewer words, of which none says anything to the rules, the model would only guess."""
_LEAST = 0.02
LEARNED = Reason("category_learned", N_("Zulke documenten zijn op deze school eerder zo opgeborgen."))
_BOTH = 1e-4


@dataclass(frozen=True, slots=True)
class Weighing:
    """How much the rules and the model weigh, and the curves that make a chance of what comes of it: `curve` where a
    heading or subject names the kind, `words_curve` where only running words (or the model) speak for it.
    """

    rules: float = 1.0
    learned: float = 0.0
    curve: Curve = field(default_factory=Curve)
    words_curve: Curve = field(default_factory=Curve)


def raw(suggested: Sequence[CategorySuggestion], likely: Mapping[str, float], weighing: Weighing) -> dict[str, float]:
    """A share per kind, together 1, not yet a chance. `likely` is empty without a model."""
    told = {x.code: min(0.99, max(_LEAST, x.confidence)) for x in suggested}
    scores = {
        code: weighing.rules * math.log(told.get(code, _LEAST) / (1 - told.get(code, _LEAST)))
        + weighing.learned * math.log(max(_BOTH, likely.get(code, _BOTH)))
        for code in {*told, *likely}
    }
    if not scores:
        return {}
    top = max(scores.values())
    shares = {code: math.exp(score - top) for code, score in scores.items()}
    total = sum(shares.values())
    return {code: share / total for code, share in shares.items()}


def combined(
    suggested: Sequence[CategorySuggestion],
    likely: Mapping[str, float],
    codes: Collection[str],
    weighing: Weighing,
) -> tuple[CategorySuggestion, ...]:
    """The kinds among `codes`, best first, with their chance; empty where neither rules nor model say anything.

    Where nothing of the text speaks for the best kind, the reason says that it was learned.
    """
    if not suggested and not likely:
        return ()
    shares = {code: share for code, share in raw(suggested, likely, weighing).items() if code in codes}
    known = {x.code: x for x in suggested}
    ranked = sorted(shares.items(), key=lambda x: (-x[1], x[0]))[:MOST]
    if not ranked:
        return ()
    named = ranked[0][0] in known and known[ranked[0][0]].reason.code == BY_TITLE
    best = (weighing.curve if named else weighing.words_curve)(ranked[0][1])
    left = max(1e-9, 1.0 - ranked[0][1])
    found = []
    for place, (code, share) in enumerate(ranked):
        chance = best if place == 0 else min(best, (1.0 - best) * share / left)
        if place and chance < _LEAST:
            break
        one = known.get(code) or CategorySuggestion(code, 0.0, (), LEARNED)
        found.append(replace(one, confidence=round(chance, 3)))
    return tuple(found)
