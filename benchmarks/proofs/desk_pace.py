"""The desk in Chromium: one key for a right suggestion, a few for a wrong one, and how soon the next item shows."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TEST = "tests/browser/test_browser_desk_keys.py"
LEAST_RIGHT, MOST_KEYS, MOST_MILLISECONDS = 20, 12, 100.0


def measure(folder: Path) -> Result:
    """A pile of right suggestions, a wrong one corrected by keyboard, and the time from each key to the next paint."""
    suite = run_tests(folder, [TEST], thorough={"DMS_TEST_FULL": "1"})
    right, wrong = (int(suite.told(x) or 0) for x in ("keys_for_right", "keys_for_wrong"))
    median, p95 = (float(suite.told(x) or "inf") for x in ("median", "p95"))
    return Result(
        suite.green and right >= LEAST_RIGHT and 0 < wrong <= MOST_KEYS and p95 <= MOST_MILLISECONDS,
        f"{right} right suggestions filed with {right} keys, a wrong one corrected with {wrong} and no mouse; "
        f"from key to paint {median:.0f} ms, p95 {p95:.0f} ms",
        {
            "right": right,
            "keys_for_right": right,
            "keys_for_wrong": wrong,
            "median_ms": median,
            "p95_ms": p95,
            "faults": suite.faults,
        },
    )


PROOF = Proof(
    "desk_pace",
    "The desk takes one key",
    f"{LEAST_RIGHT} right suggestions with {LEAST_RIGHT} keys; a wrong one in ≤ {MOST_KEYS} keys without a mouse;"
    f" key to paint ≤ {MOST_MILLISECONDS:.0f} ms p95",
    measure,
    (TEST, "tests/browser/conftest.py", "tests/web/screen_world.py"),
)
