"""The package format: what is written reads back, and nothing that was changed does."""

import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dms.kernel.errors import BadInput
from dms.model.transfer_package import (
    DOSSIER,
    FILES,
    MANIFEST,
    PackageCarer,
    PackageContent,
    PackageDocument,
    PackageFile,
    PackageInspection,
    PackageManifest,
    PackagePlace,
    PackagePupil,
    SchoolStay,
)
from dms.model.transfers import TransferKind, Viewer
from dms.wire.transfer_dossier import read_dossier, write_dossier
from dms.wire.transfer_manifest import read_manifest, snapshot_hash, write_manifest
from dms.wire.transfer_package import open_package, write_package

FROM, TO = PackagePlace("99XX", "00", "De Regenboog"), PackagePlace("00YY", "", "Lyceum Noord")
FIRST, SECOND = f"{FILES}001_2026-03-03_Rapport.pdf", f"{FILES}002_Übersicht.txt"
BYTES = {FIRST: b"%PDF-1.7 een rapport", SECOND: b"tekst" * 1000}


def content() -> PackageContent:
    return PackageContent(
        UUID(int=7),
        TransferKind.POVO,
        datetime(2026, 7, 1, 9, 30, tzinfo=UTC),
        FROM,
        TO,
        PackagePupil(
            "1234", "Joris", "Joris Jan", "J.J.", "van der", "Gümüz", date(2014, 2, 3), gender="man",
            bsn="111222333", enrolled_since=date(2018, 8, 1),
            stays=(SchoolStay("2025-2026", "8A", "8", date(2025, 8, 1), None, "99XX"),),
        ),
        (PackageCarer("Hanna Bos", "moeder", True, email="hanna@thuis.example"), PackageCarer("Karim Vos", "vader")),
        (
            PackageDocument(FIRST, UUID(int=8), "Rapport 1.pdf", "application/pdf", "Rapport <1> & 2", "OND-03",
                            "Toetsen en rapporten", date(2026, 3, 3), {"periode": "1", "oordeel": "a\nb"}),
            PackageDocument(SECOND, UUID(int=9), "x.txt", "text/plain", "Verslag", "GES-01", "Gesprekken", None),
        ),
    )  # fmt: skip


def manifest() -> PackageManifest:
    it = content()
    dossier = write_dossier(it)
    files = [PackageFile(DOSSIER, sha256(dossier).hexdigest(), len(dossier))]
    files += [PackageFile(x.path, sha256(BYTES[x.path]).hexdigest(), len(BYTES[x.path]), x.category)
              for x in it.documents]  # fmt: skip
    return PackageManifest(
        it.package_id, FROM, TO, it.kind, it.frozen_at, {"OND-03": "Toetsen en rapporten", "GES-01": "Gesprekken"},
        tuple(files), (PackageInspection(Viewer.CARER, "Hanna Bos", date(2026, 7, 2), False, "Ik mis iets."),),
    )  # fmt: skip


def package() -> bytes:
    parts = [(x.path, lambda at=x.path: _pieces(BYTES[at])) for x in content().documents]
    return b"".join(write_package(manifest(), write_dossier(content()), parts))


def _pieces(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), 700):
        yield data[at : at + 700]


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {x: found.read(x) for x in found.namelist()}


def zipped(parts: dict[str, bytes]) -> io.BytesIO:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, data in parts.items():
            made.writestr(name, data)
    target.seek(0)
    return target


def code_of(source: io.BytesIO) -> str:
    with pytest.raises(BadInput) as fault:
        open_package(source)
    return fault.value.code


def test_what_is_written_reads_back_whole() -> None:
    found = open_package(io.BytesIO(package()))
    assert found.content == content()
    assert found.manifest == manifest()
    assert {x: b"".join(found.chunks(x)) for x in BYTES} == BYTES
    assert found.snapshot == snapshot_hash(manifest())


def test_the_same_content_is_the_same_bytes_and_an_ordinary_zip() -> None:
    assert package() == package()
    with zipfile.ZipFile(io.BytesIO(package())) as found:
        assert found.testzip() is None
        assert found.namelist() == [DOSSIER, FIRST, SECOND, MANIFEST]


def test_answers_do_not_change_what_was_frozen() -> None:
    assert snapshot_hash(replace(manifest(), inspections=())) == snapshot_hash(manifest())
    assert snapshot_hash(replace(manifest(), receiver=FROM)) != snapshot_hash(manifest())


@pytest.mark.skipif(os.environ.get("DMS_TEST_FULL") != "1", reason="every byte takes a minute")  # noqa: TID251
def test_a_flipped_bit_in_every_byte_is_refused() -> None:
    whole = package()
    for at in range(len(whole)):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << at % 8
        code_of(io.BytesIO(bytes(flipped)))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_flipped_bit_anywhere_gets_through(data: st.DataObject) -> None:
    whole = bytearray(package())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    code_of(io.BytesIO(bytes(whole)))


@given(st.integers(1, 4000))
@settings(max_examples=15, deadline=None)
def test_nothing_cut_off_gets_through(short: int) -> None:
    code_of(io.BytesIO(package()[:-short]))


def test_a_missing_an_extra_and_a_changed_file_are_told_apart() -> None:
    parts = entries(package())
    assert code_of(zipped({k: v for k, v in parts.items() if k != FIRST})) == "file_missing"
    assert code_of(zipped({k: v for k, v in parts.items() if k != MANIFEST})) == "file_missing"
    assert code_of(zipped({**parts, f"{FILES}003.txt": b"erbij"})) == "file_extra"
    assert code_of(zipped({**parts, SECOND: b"anders"})) == "file_changed"
    assert code_of(zipped({**parts, DOSSIER: parts[DOSSIER].replace(b"Joris", b"Boris")})) == "file_changed"
    assert code_of(zipped(parts)) == "package_repacked"


@pytest.mark.parametrize("old, new", [
    (b'"POVO"', b'"POPO"'), (b"Ik mis iets.", b"Akkoord.    "), (b'"akkoord": false', b'"akkoord": true'),
    (b'"00YY"', b'"99ZZ"'), (b'"grootte": 20', b'"grootte": 21'), (b"2026-07-02", b"2026-07-03"),
    (b'"OND-03"', b'"OND-04"'), (b"\n", b" \n"),
])  # fmt: skip
def test_a_changed_manifest_is_refused(old: bytes, new: bytes) -> None:
    parts = entries(package())
    assert old in parts[MANIFEST]
    assert code_of(zipped({**parts, MANIFEST: parts[MANIFEST].replace(old, new, 1)})) == "manifest_changed"


def test_a_manifest_that_contradicts_the_dossier_is_refused_though_its_sums_hold() -> None:
    parts = entries(package())
    other = write_manifest(replace(manifest(), receiver=PackagePlace("99ZZ")))
    assert read_manifest(other).receiver.brin == "99ZZ"
    assert code_of(zipped({**parts, MANIFEST: other})) == "package_contradicts"


@pytest.mark.parametrize(
    "name", ["../x.pdf", "/etc/x", f"{FILES}../x", f"{FILES}a/b", f"{FILES}a\u202eb", f"{FILES}x ", "bijlagen\\x"]
)
def test_a_name_never_becomes_a_path(name: str) -> None:
    assert code_of(zipped({**entries(package()), name: b"x"})) in {"package_unsafe_name", "package_unreadable"}


def test_a_bomb_and_what_is_no_zip_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries(package()).items():
            made.writestr(name, data)
        made.writestr(f"{FILES}9.txt", b"0" * 10_000_000)
    assert code_of(target) == "package_repacked"
    assert code_of(io.BytesIO(b"%PDF-1.7")) == "package_unreadable"
    assert code_of(io.BytesIO()) == "package_unreadable"


@pytest.mark.parametrize("xml", [
    b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"<x", b"<x/>", b"<a>" * 40 + b"</a>" * 40,
    b'<overstapdossier xmlns="urn:dossierkluis:overstapdossier:1"/>',
])  # fmt: skip
def test_xml_of_another_kind_is_refused(xml: bytes) -> None:
    with pytest.raises(BadInput):
        read_dossier([xml])


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(lambda x: " ".join(x.split()))


@given(TEXT, TEXT, st.dictionaries(TEXT, TEXT, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_text_survives(name: str, title: str, fields: dict[str, str]) -> None:
    it = content()
    pupil, paper = replace(it.pupil, surname=name), replace(it.documents[0], title=title, fields=fields)
    found = read_dossier([write_dossier(replace(it, pupil=pupil, documents=(paper,)))])
    clean = str.maketrans("", "", "\ufffe\uffff")
    assert found.pupil.surname == name.translate(clean)
    assert found.documents[0].title == title.translate(clean)
