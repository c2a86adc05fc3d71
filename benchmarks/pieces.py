"""Long proofs in pieces: what was measured and passed is kept, so that a run that is broken off goes on from there."""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import machine

FOLDER = machine.ROOT / "build" / "prove"


def piece(proof: str, name: str, hangs_on: Iterable[str], measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `measure` gave for this content of the product and the files in `hangs_on`; now, or in an earlier run.

    The figures must have a `passed`; a piece that did not pass is measured again the next time.
    """
    content, file = machine.content(hangs_on), FOLDER / proof / f"{name}.json"
    try:
        found = json.loads(file.read_text("utf-8"))
        if found["content"] == content:
            return dict(found["figures"])
    except (OSError, ValueError, KeyError):
        pass
    print(f"  {name} …", flush=True)
    figures = measure()
    if figures["passed"]:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"content": content, "figures": figures}, ensure_ascii=False), "utf-8")
    return figures


def forget(proof: str) -> None:
    """Throw away the pieces of a proof: it is whole, or must be done from the start."""
    shutil.rmtree(FOLDER / proof, ignore_errors=True)


def part_folder(folder: Path, name: str) -> Path:
    """A new folder for a piece in the folder of its proof."""
    made = folder / name.replace(" ", "-")
    made.mkdir()
    return made
