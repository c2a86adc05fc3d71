"""A hundred scans with BSNs: found where the engine can read them, and nothing left of them in the copy.

Whether a number can be read is asked apart from the finding: the engine reads the scan as it is in three ways, and one
of them must give the nine digits in a row. The copy is read again in the same three ways.
"""

import os
from functools import partial
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytesseract
from PIL import Image

from benchmarks.measures.bsn_papers import Paper, papers
from benchmarks.pieces import piece
from benchmarks.proofs.proof import Proof, Result
from ingest.readers.redact_session import Made, PageToMake, Redactor
from ingest.readers.results import OcrEngine, ReadLimits
from ingest.rules.numbers_found import Box, digits_left, find_in_words, nearly

SCANS, A_PIECE, SEED = 100, 10, 20261122
BAR = 0.99
WAYS = ("--psm 3", "--psm 6", "--psm 11")
DPI = 300
ASKEW = 0.02
"""How far a place on paper may lie off on the scan."""
INPUTS = ("benchmarks/measures/bsn_papers.py", "ingest/readers", "ingest/rules")


def measure(folder: Path) -> Result:
    """All scans, in pieces that an interrupted run keeps."""
    os.environ["OMP_THREAD_LIMIT"] = "1"  # noqa: TID251 - for the engine: its threads only get in each other's way
    pieces = [
        piece("bsn_redaction", f"scans {first}", INPUTS, partial(_some, folder / f"scans-{first}", first))
        for first in range(0, SCANS, A_PIECE)
    ]
    rows = [x for one in pieces for x in one["scans"]]
    return judged(rows)


def judged(rows: list[dict[str, Any]]) -> Result:
    """The figures of scans that were looked through."""
    numbers = sum(x["numbers"] for x in rows)
    readable = sum(x["readable"] for x in rows)
    found = sum(x["found_of_readable"] for x in rows)
    left = sum(x["left"] for x in rows)
    by_kind = {
        kind: {
            y: sum(x[y] for x in rows if x["kind"] == kind)
            for y in ("numbers", "readable", "found_of_readable", "found")
        }
        for kind in sorted({x["kind"] for x in rows})
    }
    share = found / readable if readable else 0.0
    return Result(
        readable > 0 and share >= BAR and left == 0,
        f"{len(rows)} scans with {numbers} numbers, {readable} of which the engine can read; found {found} of these"
        f" ({share:.1%}), {left} left in any copy",
        {"scans": len(rows), "readable": readable, "found": found, "left": left, "by_kind": by_kind},
    )


def one_paper(paper: Paper, folder: Path) -> dict[str, Any]:
    """One scan: what can be read on it, what was found, and what is left in its copy."""
    folder.mkdir(parents=True)
    scan = folder / "scan.png"
    scan.write_bytes(paper.data)
    readable = {x for x in paper.numbers if _readable(Image.open(scan), x)}
    redactor = Redactor(folder, ReadLimits(), OcrEngine())
    seen = redactor.look(scan, "png")
    (page,) = seen.pages
    hits = find_in_words(page.words)
    found = {x for x in paper.numbers if any(y.digits == x for y in hits)}
    suspect = {x for x in paper.numbers if any(nearly(y.digits, x) for y in hits)}
    if paper.place is not None and any(_covers(b, paper.place) for x in hits for b in x.boxes):
        suspect |= set(paper.numbers)  # pointed at as a number that cannot be read, or as an empty line of a form
    boxes = tuple((b.left, b.top, b.right, b.bottom) for x in hits for b in x.boxes)
    made = redactor.make(scan, "png", [PageToMake(1, page.rotation, page.skew, boxes)])
    return {
        "kind": paper.kind,
        "numbers": len(paper.numbers),
        "readable": len(readable),
        "found": len(found | suspect),
        "found_of_readable": len(readable & (found | suspect)),
        "left": len(_left(made, sorted(found | suspect))),
    }


def _some(folder: Path, first: int) -> dict[str, Any]:
    some = papers(A_PIECE, SEED, first)
    rows = [one_paper(x, folder / str(at)) for at, x in enumerate(some)]
    return {"passed": all(x["left"] == 0 for x in rows), "scans": rows}


def _covers(box: Box, place: tuple[float, float]) -> bool:
    x, y = place
    return box.left - ASKEW < x < box.right + ASKEW and box.top - ASKEW < y < box.bottom + ASKEW


def _readable(image: Image.Image, number: str) -> bool:
    """Whether the engine, left to itself, gives these nine digits in a row; what stands between them does not count."""
    return any(digits_in_a_row(_text(image, way), number) for way in WAYS)


def digits_in_a_row(text: str, number: str) -> bool:
    """Whether the digits stand in a text on one line, with no other character than signs and space between them."""
    bare = "".join(x for x in text if x.isalnum() or x == "\n")
    return number in bare


def _text(image: Image.Image, way: str) -> str:
    return str(pytesseract.image_to_string(image, lang="nld", config=f"{way} --dpi {DPI}"))


def _left(made: Made, numbers: list[str]) -> set[str]:
    """Numbers that are still in the copy: raw, in any stream, in any reader's text, or read again on its picture."""
    raw = made.path.read_bytes()
    texts = [raw.decode("latin-1")]
    reader = pypdf.PdfReader(made.path)
    for at in {x for table in reader.xref.values() for x in table} | set(reader.xref_objStm):
        thing = reader.get_object(at)
        if isinstance(thing, pypdf.generic.StreamObject) and thing.get("/Subtype") != "/Image":
            texts.append(thing.get_data().decode("latin-1"))
    left = {x for x in numbers if any(x in y for y in texts)}
    document = pypdfium2.PdfDocument(made.path)
    for at, page in enumerate(reader.pages):
        shown = document[at]
        layers = (page.extract_text(), shown.get_textpage().get_text_range())
        picture = shown.render(scale=DPI / 72).to_pil().convert("L")
        read = tuple(_text(picture, way) for way in WAYS)
        left |= {x for x in numbers for y in (*layers, *read) if digits_left(y, [x])}
    return left


PROOF = Proof(
    "bsn_redaction",
    "A BSN that can be read is found, and of what was covered nothing is left",
    f"{SCANS} scans: found in ≥ {BAR:.0%} of those that the engine can read, 0 left in bytes, text or re-read image",
    measure,
    INPUTS,
)
