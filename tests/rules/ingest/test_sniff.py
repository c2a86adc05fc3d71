"""What may come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rules.sniff import Accepted, FileFacts, FileKind, Limits, Refusal, identify

LIMITS = Limits(max_bytes=10 * 1024 * 1024, max_pages=100, max_pixels=80_000_000)


@pytest.mark.parametrize(
    "media_type, name, kind",
    [
        ("application/pdf", "brief.pdf", FileKind.PDF),
        ("application/pdf", "zonder extensie", FileKind.PDF),
        ("image/jpeg", "foto.JPG", FileKind.JPEG),
        ("image/jpeg", "foto.png", FileKind.JPEG),
        ("image/png", "scan.png", FileKind.PNG),
        ("image/tiff", "fax.tif", FileKind.TIFF),
        ("image/tiff; charset=binary", "fax.tiff", FileKind.TIFF),
        ("image/heic", "IMG_0001.JPG", FileKind.HEIC),
        ("application/msword", "brief.doc", FileKind.DOC),
        ("text/rtf", "brief.doc", FileKind.RTF),
        ("application/vnd.oasis.opendocument.spreadsheet", "cijfers.ods", FileKind.ODS),
        ("text/csv", "lijst.csv", FileKind.TXT),
        ("message/rfc822", "bericht.txt", FileKind.EML),
        ("application/vnd.ms-outlook", "bericht.msg", FileKind.MSG),
        ("application/zip", "pak.zip", FileKind.ZIP),
    ],
)
def test_readable_kinds_are_taken_by_content(media_type: str, name: str, kind: FileKind) -> None:
    facts = FileFacts(5000, media_type, name, encrypted=False, pages=2, width=2480, height=3508)
    assert identify(facts, LIMITS) == Accepted(kind)


@pytest.mark.parametrize(
    "facts, code, words",
    [
        (FileFacts(0, "inode/x-empty", "leeg.pdf"), "empty_file", "leeg"),
        (FileFacts(900, "text/html", "rapport.pdf"), "not_what_its_name_says", "webpagina"),
        (FileFacts(900, "application/zip", "rapport.pdf"), "not_what_its_name_says", "ZIP"),
        (FileFacts(900, "image/png", "rapport.pdf"), "not_what_its_name_says", "PNG"),
        (FileFacts(900, "application/pdf", "scan.jpg"), "not_what_its_name_says", "pdf"),
        (FileFacts(900, "application/x-7z-compressed", "brief.7z"), "type_not_supported", "OpenDocument"),
        (FileFacts(900, "application/msword", "brief.docx", encrypted=True), "encrypted", "wachtwoord"),
        (FileFacts(900, "application/msword", "brief.doc", parse_error=True), "broken_file", "beschadigd"),
        (FileFacts(900, "text/html", "brief.doc"), "not_what_its_name_says", "webpagina"),
        (FileFacts(900, "image/heic", "foto.heic", lacks_reader=True), "no_heic", "pip install"),
        (FileFacts(900, "application/octet-stream", "iets.xyz"), "type_not_supported", "niet herkennen"),
        (FileFacts(900, "application/pdf", "a.pdf", encrypted=True), "encrypted", "wachtwoord"),
        (FileFacts(900, "application/pdf", "a.pdf", encrypted=True, parse_error=True), "encrypted", "wachtwoord"),
        (FileFacts(900, "application/pdf", "a.pdf", pages=0), "no_pages", "bladzijde"),
        (FileFacts(900, "application/pdf", "a.pdf", parse_error=True), "broken_pdf", "beschadigd"),
        (FileFacts(900, "image/jpeg", "a.jpg", parse_error=True), "broken_image", "beschadigd"),
        (FileFacts(900, "image/png", "a.png", width=10_000, height=10_000), "too_many_pixels", "10000 × 10000"),
        (FileFacts(11 * 1024 * 1024, "application/pdf", "a.pdf"), "too_many_bytes", "11 MB"),
        (FileFacts(900, "application/pdf", "a.pdf", pages=101), "too_many_pages", "101"),
    ],
)
def test_each_refusal_has_its_own_reason(facts: FileFacts, code: str, words: str) -> None:
    verdict = identify(facts, LIMITS)
    assert isinstance(verdict, Refusal)
    assert verdict.reason.code == code
    assert words in str(verdict.reason)


def test_a_scan_of_exactly_the_limit_is_taken() -> None:
    facts = FileFacts(LIMITS.max_bytes, "image/png", "a.png", pages=100, width=8000, height=10_000)
    assert identify(facts, LIMITS) == Accepted(FileKind.PNG)


@given(
    st.builds(
        FileFacts,
        size=st.integers(-1, 2**40),
        media_type=st.text(max_size=40) | st.sampled_from(["application/pdf", "image/tiff", "text/html"]),
        name=st.text(max_size=40),
        encrypted=st.none() | st.booleans(),
        pages=st.none() | st.integers(-1, 10_000),
        width=st.none() | st.integers(-1, 10**6),
        height=st.none() | st.integers(-1, 10**6),
        parse_error=st.booleans(),
    )
)
def test_every_file_gets_a_verdict_in_words(facts: FileFacts) -> None:
    verdict = identify(facts, LIMITS)
    if isinstance(verdict, Refusal):
        assert "%(" not in str(verdict.reason)
    else:
        assert not facts.parse_error
        assert 0 < facts.size <= LIMITS.max_bytes
