"""What a file holds beside its pages: found, or said to be out of sight."""

import io
from pathlib import Path

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from ingest.readers.redact_loose import ATTACHMENT, UNREAD, loose_texts
from tests.redaction.papers import BSN, pdf, with_file

PLAIN = pdf(["Een gesprek over lezen en rekenen"])


def _places(data: bytes, tmp_path: Path) -> set[str]:
    path = tmp_path / "stuk.pdf"
    path.write_bytes(data)
    return {place for place, _ in loose_texts(path, "pdf")}


def _saved_again() -> bytes:
    """A file from which a number was taken out by saving on: the earlier state is still in its bytes."""
    writer = pypdf.PdfWriter(io.BytesIO(pdf([f"BSN {BSN}"])), incremental=True)
    page = writer.pages[0]
    page[NameObject("/Contents")] = writer._add_object(
        pypdf.generic.StreamObject.initialize_from_dictionary({"__streamdata__": b"", "/Length": 0})
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _with_form() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(PLAIN))
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): TextStringObject("<xdp/>")})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_plain_file_holds_nothing_out_of_sight(tmp_path: Path) -> None:
    assert not {ATTACHMENT, UNREAD} & _places(PLAIN, tmp_path)
    assert not {ATTACHMENT, UNREAD} & _places(PLAIN + b"\r\n\x00", tmp_path)
    canvas = Canvas(out := io.BytesIO(), pageCompression=0)
    canvas.drawString(72, 700, "startxref 0 %%EOF")  # as the first end of a file laid out for the web
    canvas.save()
    assert not {ATTACHMENT, UNREAD} & _places(out.getvalue(), tmp_path)


@pytest.mark.parametrize("typed", [True, False])
def test_a_file_within_is_seen_whatever_it_says_of_itself(tmp_path: Path, typed: bool) -> None:
    assert ATTACHMENT in _places(with_file(PLAIN, "lijst.txt", f"BSN {BSN}".encode(), typed=typed), tmp_path)


def test_what_no_page_shows_is_told(tmp_path: Path) -> None:
    saved = _saved_again()
    assert BSN not in pypdf.PdfReader(io.BytesIO(saved)).pages[0].extract_text()
    assert UNREAD in _places(saved, tmp_path), "an earlier state"
    assert UNREAD in _places(PLAIN + BSN.encode(), tmp_path), "something behind the end"
    assert UNREAD in _places(_with_form(), tmp_path), "a form of its own"
    assert UNREAD in _places(PLAIN[: len(PLAIN) // 3], tmp_path) or UNREAD in _places(b"%PDF-1.7\nxref", tmp_path)
