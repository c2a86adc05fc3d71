"""Thirty-two browsers with the right code at once, a hundred times, on either database; and ten thousand guesses."""

from pathlib import Path
from typing import Any

from benchmarks.pieces import part_folder, piece
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

RACE, GUESSES = "tests/portal/test_doors_race.py", "tests/portal/test_doors_guesses.py"
NAME = "link_race"
ROUNDS, TOGETHER, MANY = 100, 32, 10_000
AT_A_TIME = 20
"""Rounds in one run of the test: a run that is broken off loses no more than these."""
DATABASES = ("sqlite", "postgresql")
ON = ("tests/portal/doors_world.py", "tests/portal/conftest.py", "tests/houses.py", "tests/conftest.py")
RACE_ON = (RACE, *ON, "tests/servers", "benchmarks/pieces.py")


def race(folder: Path) -> Result:
    """The race at its full size."""
    hangs_on = (*RACE_ON, "benchmarks/proofs/link_race.py", "benchmarks/suite.py")
    runs = [
        piece(NAME, f"{database} {first}", hangs_on, lambda d=database, f=first: _part(folder, d, f))
        for database in DATABASES
        for first in range(0, ROUNDS, AT_A_TIME)
    ]
    rounds = {x: sum(y["rounds"] for y in runs if y["database"] == x) for x in DATABASES}
    exact = all(x["passed"] for x in runs)
    return Result(
        exact and all(x == ROUNDS for x in rounds.values()),
        f"{ROUNDS} rounds of {TOGETHER} at once on {len(DATABASES)} databases: "
        + ("exactly as many openings as were given" if exact else "NOT exactly as many"),
        {"rounds": rounds, "together": TOGETHER, "faults": [y for x in runs for y in x["faults"]]},
    )


def _part(folder: Path, database: str, first: int) -> dict[str, Any]:
    asked = {"DMS_TEST_RACE": f"{database} {first} {first + AT_A_TIME}"}
    suite = run_tests(part_folder(folder, f"{database} {first}"), [RACE], thorough=asked)
    whole = suite.told("database") == database and suite.told("together") == str(TOGETHER)
    return {
        "database": database,
        "rounds": int(suite.told("rounds") or 0),
        "faults": suite.faults,
        "passed": suite.green and whole,
    }


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
    NAME,
    "Openings of a scoped link at once",
    f"{TOGETHER} at once, {ROUNDS} times: exactly as many as were given",
    race,
    RACE_ON,
)
GUESS_PROOF = Proof(
    "link_guesses",
    "Guessing addresses of scoped links",
    f"{MANY} guesses open nothing and are slowed down",
    guesses,
    (GUESSES, *ON),
)
