"""Terms: the second calculator on its full counts, and every small fault in the rules noticed or explained."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.proofs.proof import Proof, Result
from benchmarks.suite import run_tests

TABLES, DAYS, SECOND = (f"tests/retention/test_{x}.py" for x in ("rule_tables", "due_dates", "second_calculator"))
LISTS, DESTROYING = "tests/disposal/test_list_rules.py", "tests/destruction/test_pure_rules.py"
JUDGES = {
    "schedule": (TABLES, DAYS, SECOND),
    "term": (TABLES, DAYS, SECOND),
    "due": (DAYS, TABLES, SECOND),
    "table": (TABLES, SECOND),
    "compare": (TABLES,),
    "disposal": (LISTS,),
    "disposal_items": (LISTS,),
    "disposal_consequences": (LISTS,),
    "own_data": (DESTROYING,),
    "certificate": (DESTROYING,),
}
"""Module of `retention.rules` → the tests that judge it, the quickest first: none needs a database."""
KEPT = machine.ROOT / "build" / "mutants" / "retention"
"""What is known, a file for each module, as long as rules and tests stay the same. Throw it away to begin anew."""
EVERY = 10
SECONDS = 300
"""After so long a mutant counts as one that never ends: wide, for a machine that has more to do."""
EXPLAINED: dict[tuple[str, str, str], str] = {
    (
        "disposal_items",
        "if found.verdict is Verdict.HELD:",
        "never",
    ): "the branch below gives the same: its code is the verdict's own word",
    (
        "table",
        "return minimum != maximum and any(minimum.after(x) > maximum.after(x) for x in STARTS)",
        "operand 0 left out",
    ): "of two equal terms none is ever later: asked first only because it is quick",
    (
        "table",
        "STARTS = tuple(date(2023, 1, 1) + timedelta(days=x) for x in range(2 * 366))",
        "one more",
    ): "a stretch of days that begins or ends a little later has its leap year too",
    (
        "table",
        'raise _wrong(given["code"] or "?", column) from None',
        "operand 1 left out",
    ): "a line without a code was refused before",
    (
        "table",
        "",
        "condition 0 left out",
    ): "of the two names of no rounding the later counts",
}
"""(module, the line's text, the change) → why no test can notice it."""
CASES = 12_000


def agree(folder: Path) -> Result:
    """The second calculator on CASES whole cases, and on as many terms."""
    suite = run_tests(folder, (DAYS, SECOND), thorough={"DMS_TEST_FULL": "1"}, seconds=3600)
    said = f"{suite.count('passed')} of {len(suite.cases)} tests, {CASES} whole cases"
    return Result(suite.green, said, {"cases": CASES, "faults": suite.faults})


def run(name: str) -> None:
    """Judge the mutants of one module that are not judged yet, keeping what becomes known."""
    import hypothesis  # noqa: F401 - heavy: paid once, before the forks
    import pytest  # noqa: F401

    from benchmarks import mutants

    mutants.SECONDS = SECONDS
    of = _content(name)
    found = {f"{nth} {x.line} {x.what}": x for nth, x in enumerate(mutants.mutants(f"retention.rules.{name}"))}
    known = verdicts(name)
    keys = {id(x): key for key, x in found.items()}
    todo = [x for key, x in found.items() if key not in known]
    for nth, (mutant, killed) in enumerate(mutants.judged(todo, JUDGES[name]), start=1):
        known[keys[id(mutant)]] = killed
        if nth % EVERY == 0:
            _keep(name, of, known)
    _keep(name, of, known)


def verdicts(name: str) -> dict[str, bool]:
    """What is known of a module as it is now, with its tests as they are: mutant → killed."""
    try:
        kept = json.loads((KEPT / f"{name}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(kept["verdicts"]) if kept["of"] == _content(name) else {}


def lived(name: str) -> list[dict[str, Any]]:
    """Of one module the mutants that no test noticed, with why none can."""
    lines = (machine.ROOT / f"retention/rules/{name}.py").read_text("utf-8").splitlines()
    found = []
    for key in (x for x, killed in verdicts(name).items() if not killed):
        _, number, change = key.split(" ", 2)
        text = lines[int(number) - 1].strip() if int(number) else ""
        why = EXPLAINED.get((name, text, change))
        found.append({"module": name, "line": int(number), "text": text, "change": change, "explained": why})
    return found


def mutate(folder: Path) -> Result:
    """Each module in a process of its own, where nothing of the rules is imported yet."""
    found: list[dict[str, Any]] = []
    counts = {}
    for name in JUDGES:
        subprocess.run([sys.executable, "-m", "benchmarks.proofs.terms", name], cwd=machine.ROOT, check=True)
        counts[name] = len(verdicts(name))
        found += lived(name)
    missed = sorted(
        {x.stem for x in (machine.ROOT / "retention" / "rules").glob("*.py")} - JUDGES.keys() - {"__init__"}
    )
    count, explained = sum(counts.values()), sum(x["explained"] is not None for x in found)
    return Result(
        explained == len(found) and not missed and count > 100,
        f"{count} mutants in {len(counts)} modules, {count - len(found)} killed, {explained} explained, "
        f"{len(found) - explained} not",
        {
            "mutants": count,
            "killed": count - len(found),
            "of_each_module": counts,
            "not_judged": missed,
            "lived": found,
        },
    )


def _content(name: str) -> str:
    """What the verdicts hang on: all rules (a module uses the others), its tests, and how mutants are made."""
    files = [*sorted((machine.ROOT / "retention" / "rules").glob("*.py")), machine.ROOT / "benchmarks" / "mutants.py"]
    files += [machine.ROOT / x for x in (*JUDGES[name], "tests/retention/second_calculator.py")]
    return hashlib.sha256(b"\0".join(x.read_bytes() for x in files)).hexdigest()


def _keep(name: str, of: str, known: dict[str, bool]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    part = KEPT / f"{name}.part"
    part.write_text(json.dumps({"of": of, "verdicts": known}, indent=0), "utf-8")
    part.replace(KEPT / f"{name}.json")


AGREE = Proof(
    "second_calculator",
    "Two calculators of terms agree",
    f"{CASES} generated whole cases, 10,000 terms",
    agree,
    ("tests/retention",),
)
MUTANTS = Proof(
    "retention_mutants",
    "Small faults in the rules of retention are noticed",
    "every mutant of every module of retention/rules killed, or explained",
    mutate,
    (*sorted({y for x in JUDGES.values() for y in x}), "tests/retention/second_calculator.py", "benchmarks/mutants.py"),
)

if __name__ == "__main__":
    run(sys.argv[1])
