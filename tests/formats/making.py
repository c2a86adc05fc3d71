"""Makes the files of the tests: office files by hand, mails, archives, and Outlook's own mail files."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

import openpyxl
import PIL.Image

from dms.demo.hostile import good_pdf

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINES = (
    "Verslag van een gesprek over het lezen.",
    "Het technisch lezen gaat vooruit; begrijpend lezen vraagt nog oefening thuis en op school.",
    "Wij spraken af dat er twee keer in de week extra geoefend wordt, in een kleine groep.",
)


def archive(entries: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


def docx(lines: Sequence[str] = LINES, more: Mapping[str, bytes | str] | None = None, body: str = "") -> bytes:
    """A Word document of some paragraphs; `body` is put in front of them as it is."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{x}</w:t></w:r></w:p>" for x in lines)
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
    )
    root = (
        f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    document = (
        '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:r="{OFFICE}"><w:body>{body}{paragraphs}</w:body></w:document>'
    )
    return archive({"[Content_Types].xml": types, "_rels/.rels": root, "word/document.xml": document, **(more or {})})


def odf(kind: str, inside: str) -> bytes:
    """An OpenDocument file of `kind` (text, spreadsheet, presentation)."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                            ("svg", "svg-compatible"))
    )  # fmt: skip
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media_type}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces} office:version="1.2"><office:body>'
        f"<office:{kind}>{inside}</office:{kind}></office:body></office:document-content>"
    )
    return archive({"mimetype": media_type, "content.xml": content, "META-INF/manifest.xml": manifest})


def odt(lines: Sequence[str] = LINES) -> bytes:
    return odf("text", "".join(f"<text:p>{x}</text:p>" for x in lines))


def ods() -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    row = (
        "<table:table-row>"
        + "".join(cell.format(x) for x in ("Toets", "Rekenen", "ruim voldoende"))
        + "</table:table-row>"
    )
    return odf("spreadsheet", f'<table:table table:name="Blad1">{row}</table:table>')


def odp() -> bytes:
    frame = '<draw:frame svg:x="2cm" svg:y="2cm" svg:width="20cm" svg:height="5cm"><draw:text-box><text:p>{}</text:p>'
    page = f'<draw:page draw:name="een">{frame.format("Presentatie over het schoolplan")}</draw:text-box></draw:frame>'
    return odf("presentation", f"{page}</draw:page>")


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["Toets", "Rekenen", "ruim voldoende"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rtf() -> bytes:
    return b"{\\rtf1\\ansi\\ansicpg1252 " + b" ".join(x.encode("cp1252") + b"\\par" for x in LINES) + b"}"


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    PIL.Image.effect_noise((width, height), 60).convert("RGB").save(out, kind)
    return out.getvalue()


def mail(
    text: str = "Beste school, hierbij het verslag waar wij het gisteren over hadden. Groet, Hanna",
    html: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    shown: Sequence[tuple[str, bytes]] = (),
    subject: str = "Verslag van het gesprek",
) -> bytes:
    """A mail with attachments (name, media type, bytes) and pictures within its page (content id, bytes)."""
    message = EmailMessage()
    message["From"] = "Hanna de Wit <hanna@praktijk.example>"
    message["To"] = "school@deregenboog.example"
    message["Subject"] = subject
    message["Date"] = "Tue, 03 Mar 2026 10:00:00 +0100"
    message["Message-ID"] = "<1@praktijk.example>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
        page = message.get_payload()[1]
        for content_id, data in shown:
            page.add_related(data, "image", "png", cid=f"<{content_id}>", filename="image001.png")
    for name, media_type, data in files:
        main, _, sub = media_type.partition("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return bytes(message)


def tnef(name: str, data: bytes) -> bytes:
    """What Outlook packs a file in (`winmail.dat`)."""

    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + attribute(2, 0x00069002, b"\0" * 14)
        + attribute(2, 0x00018010, name.encode() + b"\0")
        + attribute(2, 0x0006800F, data)
    )


def letter(text: str = "Een gewone brief.") -> bytes:
    return good_pdf(text)
