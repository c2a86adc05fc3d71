"""The parts of learning, each by itself: features, the model, its training, and from scores to chances."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dms.kernel.outcome import Reason
from ingest.rules.calibration import Curve, expected_error, fitted, reliability
from ingest.rules.classify import BY_TITLE, CategorySuggestion
from ingest.rules.learned.combine import LEARNED, Weighing, combined
from ingest.rules.learned.features import DIMENSIONS, features, shared_by
from ingest.rules.learned.model import LinearModel, NotAModel, empty
from ingest.rules.learned.train import Example, train
from ingest.rules.text import PageText
from ingest.service.shipped import shipped

SAID = Reason(BY_TITLE, "")


def text(words: str) -> tuple[PageText, ...]:
    return (PageText(1, words),)


def test_figures_never_become_features_and_the_same_text_gives_the_same() -> None:
    one, other = features(text("Verzuim van 12-03-2014 bsn 999911120")), features(text("Verzuim van 1-1-1999 bsn 1"))
    assert one == other
    assert one.places.max() < DIMENSIONS
    assert float(np.sum(one.weights**2)) == pytest.approx(1.0, abs=1e-5)
    assert len(features(text("")).places) == 0


def test_only_what_several_pupils_papers_share_is_kept_so_no_name_is() -> None:
    names = ("Ximena", "Quirijn", "Wobbelina", "Fjodor")
    papers = [features(text(f"groen licht in de gang {name} {name} {name}")) for name in names]
    allowed = shared_by(papers, names, 3)
    shared = features(text("groen licht in de gang"))
    assert allowed[shared.places].sum() >= 3
    for name in names:
        own = set(features(text(name)).places) - set(shared.places)
        assert own
        assert not any(allowed[x] for x in own)


def test_a_model_learns_keeps_what_it_was_held_to_and_comes_back_from_its_bytes() -> None:
    chance = random.Random(1)
    words = {"A": "appel peer kers".split(), "B": "hamer zaag boor".split()}  # noqa: SIM905
    examples = [
        Example(features(text(" ".join(chance.choices(words[code], k=6)))), code) for code in words for _ in range(20)
    ]
    start = empty(("A", "B", "C"))
    model = train(examples, ("A", "B", "C"), start)
    assert model.likelihoods(features(text("zaag boor")))["B"] > 0.6
    again = train(examples, ("A", "B", "C"), start)
    assert np.array_equal(model.weights, again.weights), "the same examples give the same model"
    back = LinearModel.from_bytes(model.to_bytes())
    for words_ in ("zaag boor", "appel kers", "niets"):
        one, two = model.likelihoods(features(text(words_))), back.likelihoods(features(text(words_)))
        assert two == pytest.approx(one, abs=0.02)
    assert sum(back.likelihoods(features(text("kers")), ("A", "C")).values()) == pytest.approx(1.0)
    with pytest.raises(NotAModel):
        LinearModel.from_bytes(model.to_bytes()[:-9])
    with pytest.raises(NotAModel):
        LinearModel.from_bytes(b"")
    with pytest.raises(ValueError, match="unknown kind"):
        train([Example(features(text("x y z")), "D")], ("A",))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=200))
def test_a_curve_never_falls_and_never_says_for_certain(seen: list[tuple[float, bool]]) -> None:
    curve = fitted(seen)
    told = [curve(x / 50) for x in range(51)]
    if curve.points:
        assert told == sorted(told)
        assert max(told) < 1.0
    else:
        assert told == [x / 50 for x in range(51)]


def test_a_fitted_curve_tells_what_is_right() -> None:
    chance = random.Random(3)
    seen = [(score, chance.random() < score**2) for score in (chance.random() for _ in range(6000))]
    curve = fitted(seen)
    fresh = [(curve(score), chance.random() < score**2) for score in (chance.random() for _ in range(6000))]
    assert expected_error(reliability(fresh, [x / 10 for x in range(11)])) < 0.03


def test_runners_up_share_the_chance_that_is_left_and_what_was_learned_says_so() -> None:
    suggested = (CategorySuggestion("A", 0.6, (), SAID), CategorySuggestion("B", 0.4, (), SAID))
    codes = ("A", "B", "C", "D")
    found = combined(suggested, {"C": 0.97, "A": 0.01, "B": 0.01, "D": 0.01}, codes, Weighing(1.0, 2.0))
    assert found[0].code == "C"
    assert found[0].reason == LEARNED
    assert sum(x.confidence for x in found) <= 1.0 + 1e-6
    alone = combined(suggested, {}, codes, Weighing(1.0, 1.0, Curve(((0.0, 0.0), (1.0, 0.9)))))
    assert [x.code for x in alone] == ["A", "B"]
    assert combined((), {}, codes, Weighing()) == ()
    assert combined((CategorySuggestion("X", 0.9, (), SAID),), {}, codes, Weighing()) == ()


def test_what_ships_is_small_and_has_a_threshold_for_every_kind() -> None:
    what = shipped()
    assert len(what.model.to_bytes()) < 1_000_000
    assert 0.6 <= what.thresholds.category <= 0.99
    assert all(0.5 <= x <= 0.99 for x in what.thresholds.categories.values())
    assert set(what.thresholds.categories) <= set(what.model.codes)
    assert what.measured["papers"] > 0
