"""The full bars: `python -m benchmarks.prove [--only NAME …] [--again] [--list]`.

Every proof leaves its result in `docs/proof/NAME.json` at once. One whose result is there for the same content of the
product, its tests and itself is not done again, so that a run that was broken off goes on where it was. Ends with 1
when a bar is not met.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.page import PAGE, write_page
from benchmarks.pieces import forget
from benchmarks.proofs import PROOFS
from benchmarks.proofs.proof import Proof, Result
from dms.kernel.clock import SystemClock
from dms.log import configure

FOLDER = machine.ROOT / "docs" / "proof"


def main(words: Sequence[str] | None = None) -> int:
    """Do what still has to be proved; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prove", description="De volledige proeven.")
    parser.add_argument("--only", action="append", choices=[x.name for x in PROOFS], help="alleen deze; mag vaker")
    parser.add_argument("--again", action="store_true", help="ook wat er al is")
    parser.add_argument("--list", action="store_true", help="toon de proeven en doe niets")
    given = parser.parse_args(words)
    chosen = [x for x in PROOFS if given.only is None or x.name in given.only]
    if given.list:
        for one in chosen:
            print(f"{one.name:<22} {one.bar}")
        return 0
    configure("warning", "proof")
    FOLDER.mkdir(parents=True, exist_ok=True)
    done = []
    for one in chosen:
        if given.again:
            forget(one.name)
        done.append(_kept(one, again=given.again) or _do(one))
        write_page(FOLDER, PROOFS)
    _table(done)
    print(f"\n{FOLDER.relative_to(machine.ROOT) / PAGE}")
    return 0 if all(x["passed"] for x in done) else 1


def read(proof: Proof) -> dict[str, Any] | None:
    """The result that was kept, whatever it is of."""
    try:
        return dict(json.loads((FOLDER / f"{proof.name}.json").read_text("utf-8")))
    except (OSError, ValueError):
        return None


def _kept(proof: Proof, *, again: bool) -> dict[str, Any] | None:
    found = read(proof)
    same = found is not None and found.get("content") == machine.content(proof.hangs_on)
    if again or not same or found is None or not found["passed"]:
        return None
    print(f"{proof.name}: al bewezen", flush=True)
    return found


def _do(proof: Proof) -> dict[str, Any]:
    print(f"{proof.name}: {proof.bar} …", flush=True)
    where, content, commit = machine.machine(), machine.content(proof.hangs_on), machine.commit()
    folder = Path(tempfile.mkdtemp(prefix=f"dossierkluis-{proof.name}-"))
    folder.chmod(0o755)  # a database server may run as another user
    began = time.monotonic()
    try:
        result = proof.measure(folder)
    except Exception as fault:  # a proof that breaks has not proved anything; the others go on
        traceback.print_exc()
        result = Result(False, f"{type(fault).__name__}: {fault}"[:300])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    kept = {
        "name": proof.name,
        "title": proof.title,
        "bar": proof.bar,
        "passed": result.passed,
        "short": result.short,
        "figures": dict(result.figures),
        "seconds": round(time.monotonic() - began, 1),
        "date": SystemClock().now().isoformat(timespec="seconds"),
        "commit": commit,
        "content": content,
        "machine": where,
    }
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    for place in (folder, machine.ROOT):  # where it ran is nobody's business
        text = text.replace(str(place), "…")
    (FOLDER / f"{proof.name}.json").write_text(text, "utf-8")
    if result.passed:
        forget(proof.name)
    print(f"  {'goed' if result.passed else 'NIET GEHAALD'}: {result.short} ({kept['seconds']} s)", flush=True)
    return kept


def _table(done: Sequence[dict[str, Any]]) -> None:
    wide = max(len(x["name"]) for x in done)
    print()
    for one in done:
        print(f"{'goed' if one['passed'] else 'FOUT':<5} {one['name']:<{wide}}  {one['seconds']:>7} s  {one['short']}")


if __name__ == "__main__":
    sys.exit(main())
