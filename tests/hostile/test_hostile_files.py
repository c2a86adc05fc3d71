"""Files made to harm, through the whole of the product: each ends with a reason, and costs nobody else anything.

A sample by default; with DMS_TEST_FULL=1 all of them, three times over.
"""

import json
import os
from pathlib import Path

import pytest

from tests.hostile import tracing
from tests.hostile.going_in import ENDED, Run, all_files, take_in

FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
RUNS = (1, 2, 3) if FULL else (1,)
SECONDS, MEMORY = 60, 1024
SAMPLE = (
    "bomb of image.pdf", "cyclic tree.pdf", "form of itself.pdf", "table of streams that loops.pdf", "calls out.pdf",
    "wants to run.pdf", "form with entities.pdf", "unknown cipher.pdf", "tiff in a ring.tif", "tiff bomb.tif",
    "png that holds more.png", "jpeg of four milliard.jpg", "bom.zip", "klimt.zip", "belt.docx", "entiteiten.docx",
    "belt.svg", "web en pdf.pdf", "zip en pdf.pdf", "foto en script.jpg", "niets.jpg", "r6-user-password.pdf",
    "multipage_single_frame_loop.tiff", "png_decompression_dos.png", "libtiff_segfault.tif", "truncated_jpeg.jpg",
    "veld belt.docx", "macro.odt", "haalt op.odt", "belt.ods", "nooit dicht.docx", "dicht.docx", "mail belt.eml",
    "mail in mail.eml", "niets waar.eml", "pakket liegt.eml", "diepe delen.eml", "archief over elkaar.zip",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("turn", RUNS)
def test_each_ends_with_a_reason(turn: int, tmp_path: Path, record_property) -> None:
    files = all_files() if FULL else all_files(SAMPLE)
    assert len(files) >= (150 if FULL else len(SAMPLE))
    run = take_in(tmp_path, files)
    record_property(f"run_{turn}", json.dumps(told(run)))
    assert run.code == 0  # the worker lived to the end
    assert {x.name for x in run.files} == set(files)
    for one in run.files:
        assert one.status in ENDED, one
        assert len(one.reason) > 10, one
        assert "%(" not in one.reason, one
        assert one.seconds <= SECONDS, one
    assert run.peak <= MEMORY
    assert run.left == ()
    if not tracing.possible():
        pytest.skip("strace may not watch processes here: sockets and places of files were not looked at")
    assert run.seen is not None
    assert run.seen.readers >= len(files) // 2
    assert (run.seen.sockets, run.seen.outside) == (0, [])


def told(run: Run) -> dict[str, object]:
    """The figures of a run."""
    slowest = max(run.files, key=lambda x: x.seconds)
    return {
        "files": len(run.files),
        "exit": run.code,
        "peak_mib": run.peak,
        "slowest_seconds": round(slowest.seconds, 1),
        "slowest": slowest.name,
        "statuses": {x: sum(y.status == x for y in run.files) for x in sorted({y.status for y in run.files})},
        "without_reason": sum(len(x.reason) <= 10 for x in run.files),
        "left_elsewhere": len(run.left),
        "readers": run.seen.readers if run.seen else None,
        "sockets": run.seen.sockets if run.seen else None,
        "sockets_asked": run.seen.asked if run.seen else None,
        "files_outside_the_job": len(run.seen.outside) if run.seen else None,
    }
