"""Files made to harm: each ends with a reason, in time, and costs nobody else anything."""

import time
import zlib
from pathlib import Path
from typing import Any

import PIL.Image
import pypdf
import pytest

from ingest.readers.errors import REASONS, ReadFailed
from ingest.readers.read import file_facts, read
from ingest.readers.results import MIB, ReadLimits, ReadResult

STRICT = ReadLimits(seconds_file=40, seconds_step=10, memory=600 * MIB)


def raw_pdf(path: Path, objects: list[bytes]) -> Path:
    """A PDF of objects 1, 2, … as they are given, with a cross-reference table that is right."""
    data, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    path.write_bytes(data)
    return path


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(data), extra, data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << %b >> >>"


def cyclic_tree(folder: Path) -> Path:
    tree = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"
    return raw_pdf(folder / "rond.pdf", [CATALOG, tree, b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"])


def deep_tree(folder: Path) -> Path:
    middle = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, 5000)]
    return raw_pdf(folder / "diep.pdf", [CATALOG, *middle, b"<< /Type /Page /MediaBox [0 0 9 9] >>"])


def bomb_of_content(folder: Path) -> Path:
    layer = zlib.compress(zlib.compress(b" " * (600 * MIB), 9), 9)
    content = stream(layer, b"/Filter [/FlateDecode /FlateDecode]")
    return raw_pdf(folder / "bom.pdf", [CATALOG, ONE_PAGE, PAGE % b"", content])


def bomb_of_image(folder: Path) -> Path:
    image = stream(
        zlib.compress(b"\0" * (64 * MIB), 9),
        b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Filter /FlateDecode",
    )
    content = stream(b"q 595 0 0 842 0 0 cm /X Do Q")
    return raw_pdf(folder / "beeldbom.pdf", [CATALOG, ONE_PAGE, PAGE % b"/XObject << /X 5 0 R >>", content, image])


def forms_in_forms(folder: Path) -> Path:
    """Each form draws the next ten times: 10^12 drawings."""
    objects = [CATALOG, ONE_PAGE, PAGE % b"/XObject << /X 5 0 R >>", stream(b"/X Do")]
    for number in range(5, 17):
        last = number == 16
        body = b"0 0 9 9 re f" if last else b"/X Do " * 10
        inner = b"" if last else b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        objects.append(stream(body, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + inner))
    return raw_pdf(folder / "vormen.pdf", objects)


def loop_of_references(folder: Path) -> Path:
    return raw_pdf(folder / "lus.pdf", [CATALOG, ONE_PAGE, PAGE % b"", b"5 0 R", b"4 0 R"])


def deep_array(folder: Path) -> Path:
    return raw_pdf(folder / "haken.pdf", [CATALOG, ONE_PAGE, PAGE % b"", b"[" * 200_000 + b"]" * 200_000])


def no_page_size(folder: Path) -> Path:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 0] /Contents 4 0 R >>"
    return raw_pdf(folder / "nul.pdf", [CATALOG, ONE_PAGE, page, stream(b"")])


def endless_page(folder: Path) -> Path:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] /UserUnit 1e30 /Contents 4 0 R >>"
    return raw_pdf(folder / "eindeloos.pdf", [CATALOG, ONE_PAGE, page, stream(b"0 0 9 9 re f")])


def previous_is_itself(folder: Path) -> Path:
    path = raw_pdf(folder / "vorige.pdf", [CATALOG, ONE_PAGE, PAGE % b"", stream(b"")])
    data = path.read_bytes()
    table = data[data.rindex(b"startxref") + 10 :].split()[0]
    path.write_bytes(data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + table))
    return path


MADE = [
    cyclic_tree,
    deep_tree,
    bomb_of_content,
    bomb_of_image,
    forms_in_forms,
    loop_of_references,
    deep_array,
    no_page_size,
    endless_page,
    previous_is_itself,
]


def attempt(path: Path, job: Path) -> ReadResult | ReadFailed:
    try:
        return read(path, "pdf", job, limits=STRICT)
    except ReadFailed as failed:
        return failed


@pytest.mark.slow
@pytest.mark.parametrize("make", MADE, ids=lambda make: make.__name__)
def test_a_hostile_pdf_ends(make: Any, papers: Any, job: Path) -> None:
    path = make(papers.folder)
    begin = time.monotonic()
    file_facts(path, path.name)  # never raises
    outcome = attempt(path, job)
    if isinstance(outcome, ReadFailed):
        assert outcome.code in REASONS
        assert outcome.text()
        assert "%(" not in outcome.text()
    else:
        assert all(page.image.stat().st_size < MIB for page in outcome.pages)
    assert time.monotonic() - begin < 60
    assert {path.parent for path in job.rglob("*")} <= {job}
    assert [path for path in job.iterdir() if path.suffix != ".jpg"] == []
    # the worker is well and reads the next file
    assert read(papers.text_pdf(), "pdf", job).pages[0].source == "text"


def test_bombs_end_for_memory_or_size(papers: Any, job: Path) -> None:
    with pytest.raises(ReadFailed) as failed:
        read(bomb_of_image(papers.folder), "pdf", job, limits=STRICT)
    assert failed.value.code in {"read_pixels", "read_memory"}


@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_truncated_pdf(papers: Any, job: Path, part: float) -> None:
    path = papers.text_pdf(pages=3)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    outcome = attempt(path, job)
    if isinstance(outcome, ReadFailed):
        assert outcome.code in {"read_broken", "read_no_pages"}
    else:
        assert 1 <= len(outcome.pages) <= 3


def test_not_a_pdf_at_all(papers: Any, job: Path) -> None:
    path = papers.folder / "web.pdf"
    path.write_text("<html><script>alert(1)</script></html>")
    with pytest.raises(ReadFailed) as failed:
        read(path, "pdf", job)
    assert failed.value.code == "read_broken"


def test_no_pages(papers: Any, job: Path) -> None:
    pypdf.PdfWriter().write(papers.folder / "nul.pdf")
    with pytest.raises(ReadFailed) as failed:
        read(papers.folder / "nul.pdf", "pdf", job)
    assert failed.value.code in {"read_no_pages", "read_broken"}


def test_a_password(papers: Any, job: Path) -> None:
    path = papers.text_pdf()
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("geheim", algorithm="AES-256")
    writer.write(path)
    with pytest.raises(ReadFailed) as failed:
        read(path, "pdf", job)
    assert failed.value.code == "read_encrypted"


def test_an_owners_password_asks_nothing(papers: Any, job: Path) -> None:
    path = papers.text_pdf()
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("", "baas", algorithm="AES-256")
    writer.write(path)
    assert " ".join(read(path, "pdf", job).pages[0].text.split()) == papers.truth(30)


def test_limits_of_the_file(papers: Any, job: Path) -> None:
    path = papers.text_pdf(pages=4)
    with pytest.raises(ReadFailed) as failed:
        read(path, "pdf", job, limits=ReadLimits(pages=3))
    assert failed.value.text() == "Het bestand heeft 4 bladzijden; meer dan 3 kan niet."
    with pytest.raises(ReadFailed) as failed:
        read(path, "pdf", job, limits=ReadLimits(bytes_in=100))
    assert failed.value.code == "read_bytes"
    with pytest.raises(ReadFailed) as failed:
        read(path, "zip", job)  # type: ignore[arg-type]
    assert failed.value.code == "read_kind"
    with pytest.raises(ReadFailed) as failed:
        read(papers.save("scan.png", papers.letter()), "png", job, limits=ReadLimits(seconds_file=0))
    assert failed.value.code == "read_timeout"


def test_a_jpeg_named_png_is_not_guessed(papers: Any, job: Path) -> None:
    path = papers.folder / "scan.png"
    PIL.Image.fromarray(papers.letter(2)).save(path, "JPEG")
    with pytest.raises(ReadFailed) as failed:
        read(path, "png", job)
    assert failed.value.code == "read_broken"
