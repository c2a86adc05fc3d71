"""What a look at a file tells, in all the states in which files arrive."""

from pathlib import Path
from typing import Any

import PIL.Image
import pypdf
import pytest
from reportlab.lib import pdfencrypt

from ingest.readers.read import file_facts
from ingest.rules.sniff import Accepted, FileKind, Limits, Refusal, identify


def verdict(path: Path, name: str | None = None) -> str:
    """The reason for which the rules refuse the file, or its kind."""
    answer = identify(file_facts(path, name or path.name), Limits())
    return answer.reason.code if isinstance(answer, Refusal) else answer.kind.value


def test_a_pdf(papers: Any) -> None:
    facts = file_facts(papers.text_pdf(pages=3), "brief.pdf")
    assert (facts.media_type, facts.pages, facts.encrypted, facts.parse_error) == ("application/pdf", 3, False, False)
    assert isinstance(identify(facts, Limits()), Accepted)


@pytest.mark.parametrize(
    "name, options, media_type",
    [("a.jpg", {}, "image/jpeg"), ("a.png", {}, "image/png"), ("a.tif", {}, "image/tiff")],
)
def test_images(papers: Any, name: str, options: dict[str, Any], media_type: str) -> None:
    facts = file_facts(papers.save(name, papers.letter(2), **options), name)
    assert (facts.media_type, facts.width, facts.height, facts.pages) == (media_type, 1860, 1320, 1)
    assert not facts.parse_error


def test_the_largest_frame_of_a_tiff(papers: Any) -> None:
    frames = [PIL.Image.new("1", size) for size in ((10, 10), (300, 200), (50, 50))]
    facts = file_facts(papers.save("a.tif", frames[0], save_all=True, append_images=frames[1:]), "a.tif")
    assert (facts.pages, facts.width, facts.height) == (3, 300, 200)


def test_passwords(papers: Any) -> None:
    owner = papers.text_pdf("eigenaar.pdf", encrypt=pdfencrypt.StandardEncryption("", "baas", strength=128))
    user = papers.text_pdf("gebruiker.pdf", encrypt=pdfencrypt.StandardEncryption("geheim", "baas", strength=128))
    assert file_facts(owner, "a.pdf").encrypted is False
    assert file_facts(owner, "a.pdf").pages == 1
    assert file_facts(user, "a.pdf").encrypted is True
    assert verdict(user) == "encrypted"


@pytest.mark.parametrize("strength", ["RC4-128", "AES-128", "AES-256"])
def test_every_cipher(papers: Any, strength: str) -> None:
    path = papers.text_pdf()
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt("geheim", algorithm=strength)
    writer.write(path)
    assert verdict(path) == "encrypted"


def test_each_its_own_reason(papers: Any) -> None:
    folder = papers.folder
    (folder / "leeg.pdf").write_bytes(b"")
    assert verdict(folder / "leeg.pdf") == "empty_file"
    (folder / "web.pdf").write_text("<!DOCTYPE html><html><body>Hallo</body></html>")
    assert verdict(folder / "web.pdf") == "not_what_its_name_says"
    writer = pypdf.PdfWriter()
    writer.write(folder / "nul.pdf")
    assert verdict(folder / "nul.pdf") == "no_pages"
    assert verdict(papers.save("groot.png", PIL.Image.new("1", (10_000, 10_000)))) == "too_many_pixels"
    whole = papers.text_pdf("heel.pdf", pages=2).read_bytes()
    (folder / "kop.pdf").write_bytes(whole[:40])
    assert verdict(folder / "kop.pdf") == "broken_pdf"
    assert verdict(papers.save("foto.png", papers.letter(2))) == FileKind.PNG.value
    (folder / "half.png").write_bytes((folder / "foto.png").read_bytes()[:20])
    assert verdict(folder / "half.png") == "broken_image"


@pytest.mark.slow
def test_a_bomb_of_pixels_costs_nothing(papers: Any) -> None:
    path = papers.save("bom.png", PIL.Image.new("1", (30_000, 30_000)))
    assert path.stat().st_size < 200_000
    facts = file_facts(path, "bom.png")
    assert (facts.width, facts.height, facts.parse_error) == (30_000, 30_000, False)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        file_facts(tmp_path / "weg.pdf", "weg.pdf")
