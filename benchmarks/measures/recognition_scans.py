"""Papers of the test half as they come out of a scanner, read by the readers of the product: real OCR."""

import tempfile
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.measures.recognition_set import FILEABLE, Paper, letter_of, looks_of
from dms.demo import scan_files
from dms.demo.facts import School
from dms.demo.scans import ScanStyle, rasterise, scan_page
from ingest.readers.read import read
from ingest.rules.text import PageText, TextSource, doubtful_words

STYLES = (ScanStyle(), ScanStyle(skew=0.8), ScanStyle(dpi=200, skew=-0.6))


def scanned(school: School, seed: int, count: int) -> Iterator[Paper]:
    """`count` papers of different kinds and looks, one after another of each kind."""
    kinds = [(kind, nth, look) for kind in FILEABLE if kind.pupils(school)
             for nth, look in enumerate(looks_of(kind, "test"))]  # fmt: skip
    kinds.sort(key=lambda x: x[1])
    for (kind, nth, look), style in zip(islice(kinds, count), cycle(STYLES), strict=False):
        data, truth = letter_of(school, kind, look, seed, nth)
        rng = np.random.default_rng([seed, nth])
        pages = [scan_page(x, style, rng) for x in rasterise(data, style.dpi)]
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "scan"
            path.write_bytes(scan_files.scanned_pdf(pages, style.dpi, style.quality))
            (Path(name) / "out").mkdir()
            result = read(path, "pdf", Path(name) / "out")
        texts = tuple(
            PageText(
                page.number,
                page.text,
                TextSource(page.source),
                page.confidence,
                doubtful_words(page.text, ((x.text, x.confidence) for x in page.words)),
            )
            for page in result.pages
        )
        yield Paper(f"{seed}/{kind.name}/{look.name}~scan", kind.name, look.name, truth, texts)
