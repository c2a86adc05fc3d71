"""How well paper is read, whichever way it lay; and whether the archive renditions are what they say."""

from collections.abc import Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
import PIL.Image

from benchmarks.proofs.proof import Proof, Result
from dms.demo.collection import demo_documents
from dms.demo.load import SEED
from ingest.readers.read import read
from ingest.readers.results import Kind
from ingest.readers.session import ReadSession
from tests.golden.papers import regenboog, today
from tests.readers import pdfbox
from tests.readers.conftest import Papers, Picture, error_rate

A4 = (8.27, 11.69)
LINES = 52
SEEDS = (1, 2, 3)
ANGLES = (-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0)
TURNS = (90, 180, 270)
WITHIN, FAX, PHOTO = 0.5, 1.5, 1.0
ENDINGS: dict[str, Kind] = {".pdf": "pdf", ".jpg": "jpeg", ".png": "png", ".tif": "tiff"}
Made = tuple[str, str, Path, Kind]


def error_rates(folder: Path) -> Result:
    """Whole pages of text, skewed, turned, faxed and photographed; read as the product does."""
    wrong: dict[str, list[float]] = {}
    groups: dict[str, str] = {}
    for seed in SEEDS:
        papers = Papers(folder)
        truth = papers.truth(LINES, seed)
        for group, name, path, kind in _pages(papers, seed):
            job = folder / "job"
            job.mkdir(exist_ok=True)
            result = read(path, kind, job)
            wrong.setdefault(name, []).append(error_rate(result.pages[0].text, truth))
            groups[name] = group
    rows = [{"page": x, "kind": groups[x], "wrong_percent": round(mean(found), 3)} for x, found in wrong.items()]
    clean = mean(wrong["clean"])
    worst = dict.fromkeys(groups.values(), 0.0)
    for name, found in wrong.items():
        worst[groups[name]] = max(worst[groups[name]], mean(found))
    return Result(
        worst["skew"] <= clean + WITHIN
        and worst["turn"] <= clean + WITHIN
        and worst["fax"] <= FAX
        and worst["photo"] <= PHOTO,
        f"clean {clean:.2f} %, skewed at most {worst['skew']:.2f} %, turned {worst['turn']:.2f} %, fax "
        f"{worst['fax']:.2f} %, phone {worst['photo']:.2f} %",
        {"pages_each": len(SEEDS), "characters_a_page": len(Papers(folder).truth(LINES)), "rates": rows},
    )


def _pages(papers: Papers, seed: int) -> Iterator[Made]:
    page = papers.letter(LINES, seed, size=A4)
    yield "clean", "clean", papers.save("clean.png", page, dpi=(300, 300)), "png"
    for angle in ANGLES:
        skewed = papers.save("skew.jpg", papers.skewed(page, angle), dpi=(300, 300), quality=85)
        yield "skew", f"{angle:+.1f}°", skewed, "jpeg"
    for turn in TURNS:
        turned: Picture = np.ascontiguousarray(np.rot90(page, -turn // 90))
        yield "turn", f"turned {turn}°", papers.save("turn.jpg", turned, dpi=(300, 300), quality=85), "jpeg"
    both: Picture = np.ascontiguousarray(np.rot90(papers.skewed(page, 2), 1))
    yield "turn", "turned and skewed", papers.save("both.jpg", both, dpi=(300, 300), quality=85), "jpeg"
    coarse = PIL.Image.fromarray(papers.letter(LINES, seed, dpi=204, size=A4))
    fax = coarse.resize((coarse.width, round(coarse.height * 196 / 204))).convert("1", dither=PIL.Image.Dither.NONE)
    yield "fax", "fax, 1 bit", papers.save("fax.tif", fax, compression="group4", dpi=(204, 196)), "tiff"
    photo = papers.save("photo.jpg", papers.photo(page), quality=88, dpi=(300, 300))
    yield "photo", "phone photo", photo, "jpeg"


def archives(folder: Path) -> Result:
    """The archive renditions of all scans among the demo's papers, labelled 1b, before PDFBox."""
    if not pdfbox.present():
        return Result(False, "PDFBox preflight is not installed: make setup-tests")
    twins: list[Path] = []
    rows: list[dict[str, Any]] = []
    for document in demo_documents(regenboog(), seed=SEED, today=today()):
        if document.form == "digital":
            continue
        path = folder / document.file_name
        path.write_bytes(document.data)
        job = folder / f"job-{len(twins)}"
        job.mkdir()
        kind = ENDINGS[path.suffix]
        with ReadSession(path, job) as session:
            result = session.read(kind)
            made = session.archive(kind, result, title=document.kind, part=1)
        assert made is not None, f"no archive rendition of {document.form}"
        twins.append(made.rename(folder / f"twin-{len(twins)}.pdf"))
        rows.append({"scan": document.form, "pages": len(result.pages)})
    for row, verdict in zip(rows, pdfbox.judged(twins), strict=True):
        row["preflight"] = verdict[:200]
    valid = sum(row["preflight"] == "valid" for row in rows)
    return Result(
        valid == len(rows) > 0,
        f"{valid} of {len(rows)} scans valid as 1b twins",
        {"scans": len(rows), "valid": valid, "verdicts": rows},
    )


INPUTS = ("tests/readers", "tests/golden/papers.py")
ERROR_RATES = Proof(
    "error_rates",
    "Paper is read well, whichever way it lay",
    f"skew up to ±3° and turns of 90/180/270°: within {WITHIN} pp of the clean page; 1-bit fax ≤ {FAX} %, phone ≤"
    f" {PHOTO:.0f} %",
    error_rates,
    INPUTS,
)
ARCHIVES = Proof(
    "archives",
    "Archive renditions are PDF/A",
    "the archive renditions of all scans of the demo pass PDFBox preflight as 1b twins",
    archives,
    INPUTS,
)
