"""Thirty-two browsers with the right code at once, a hundred times, on either database; and ten thousand guesses."""

from pathlib import Path

from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

RACE, GUESSES = "tests/portal/test_doors_race.py", "tests/portal/test_doors_guesses.py"
ROUNDS, TOGETHER, MANY = 100, 32, 10_000
ON = ("tests/portal/doors_world.py", "tests/portal/conftest.py", "tests/houses.py", "tests/conftest.py")


def race(folder: Path) -> Result:
    """The race at its full size."""
    suite = run_tests(folder, [RACE], thorough={"DMS_TEST_FULL": "1"})
    runs = [
        {x: case.told.get(x, "") for x in ("database", "rounds", "together")} | {"outcome": case.outcome}
        for case in suite.cases
    ]
    whole = [x for x in runs if x["rounds"] == str(ROUNDS) and x["together"] == str(TOGETHER)]
    return Result(
        suite.green and {x["database"] for x in whole} == {"sqlite", "postgresql"},
        f"{ROUNDS} rounds of {TOGETHER} at once on {len(whole)} databases: "
        + ("exactly as many openings as were given" if suite.green else "NOT exactly as many"),
        {"runs": runs, "faults": suite.faults},
    )


def guesses(folder: Path) -> Result:
    """Ten thousand tokens of the right form that no link has."""
    suite = run_tests(folder, [GUESSES], thorough={"DMS_TEST_FULL": "1"})
    judged, seconds = int(suite.told("judged") or 0), int(suite.told("seconds") or 0)
    return Result(
        suite.green and int(suite.told("guesses") or 0) == MANY,
        f"{MANY} guesses from one place in {seconds} s: {judged} judged, the rest told to wait; nothing was opened",
        {"guesses": MANY, "judged": judged, "seconds": seconds, "faults": suite.faults},
    )


RACE_PROOF = Proof(
    "link_race",
    "Openings of a scoped link at once",
    f"{TOGETHER} at once, {ROUNDS} times: exactly as many as were given",
    race,
    (RACE, *ON, "tests/servers"),
)
GUESS_PROOF = Proof(
    "link_guesses",
    "Guessing addresses of scoped links",
    f"{MANY} guesses open nothing and are slowed down",
    guesses,
    (GUESSES, *ON),
)
