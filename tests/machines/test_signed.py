"""A signed PDF comes out as it went in, and no other file is made of it that could pass for it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from dms.db.tables import RenditionRow
from dms.model.documents import Rendition
from tests.houses import House
from tests.machines.conftest import small_scan

ROOM = 4096
"""Hexadecimal digits that are kept free for a signature."""


def scan_pdf() -> bytes:
    """A scan as a PDF, with a field for a signature."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(264, 120), invariant=1)
    canvas.drawImage(ImageReader(BytesIO(small_scan())), 0, 0, 264, 120)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def signed(data: bytes) -> bytes:
    """The PDF with a signature over all its other bytes, added as programs that sign do (ISO 32000-1, 12.8)."""
    root = int(data[data.rindex(b"/Root") + 5 :].split()[0])
    size = int(data[data.rindex(b"/Size") + 5 :].split()[0].rstrip(b">"))
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    catalog = data[data.index(b"%d 0 obj" % root) :].partition(b"<<")[2].partition(b"endobj")[0]
    fields = b"/AcroForm << /SigFlags 3 /Fields [%d 0 R] >> " % size
    objects = [
        (root, b"<< " + fields + catalog.rstrip()),
        (
            size,
            b"<< /FT /Sig /Type /Annot /Subtype /Widget /T (Handtekening) /Rect [0 0 0 0] /V %d 0 R >>" % (size + 1),
        ),
        (
            size + 1,
            b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 "
            + b" " * 40
            + b"] /Contents <"
            + b"0" * ROOM
            + b"> >>",
        ),
    ]
    out, places = bytearray(data + b"\n"), {}
    for number, body in objects:
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    rows = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in places.items())
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    out += b"xref\n" + rows + trailer % (size + 2, root, previous, table)
    begin = out.index(b"/Contents <", places[size + 1]) + 10
    end = begin + ROOM + 2
    window = out.index(b"[0 ", places[size + 1]) + 3
    out[window : window + 40] = (b"%d %d %d" % (begin, end, len(out) - end)).ljust(40)
    mark = _signature(bytes(out[:begin] + out[end:])).hex().encode()
    out[begin + 1 : begin + 1 + len(mark)] = mark
    return bytes(out)


def _signature(covered: bytes) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dirk (verzonnen)")])
    now = datetime.now(UTC)  # noqa: TID251 - a certificate must be of today
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    builder = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(covered)
        .add_signer(made.sign(key, hashes.SHA256()), key, hashes.SHA256())
    )
    return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])


@pytest.mark.slow
def test_it_is_never_rewritten(house: House) -> None:
    plain = scan_pdf()
    data = signed(plain)
    assert data.startswith(plain)
    house.send([("getekend.pdf", data), ("gewoon.pdf", plain)])
    house.work()
    with house.app.database.read() as session:
        rows = session.scalars(select(RenditionRow)).all()
    kinds = {x.document_id: {y.kind for y in rows if y.document_id == x.document_id} for x in rows}
    signed_ones = [x for x, found in kinds.items() if Rendition.ARCHIVE not in found]
    assert len(kinds) == 2
    assert len(signed_ones) == 1  # the scan without a signature does have one
    assert Rendition.PAGE in kinds[signed_ones[0]]
    originals = [x for x in house.app.vault.store.keys() if x.key.endswith("/original")]
    found = {house.app.vault.read(UUID(x.key.split("/")[1]), x.key, 1, 10**8) for x in originals}
    assert found == {plain, data}
