"""Mails and archives become their parts; what is no document is left out with a reason; the limits hold."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dms.api.shapes import document_lines
from dms.db.tables import DocumentRow, ItemRow, PartRow
from dms.kernel.errors import NotFound
from dms.model.documents import ItemState
from ingest.readers.mail import read_mail, without_attachments
from ingest.rules.dossier_zip.entries import Taken
from ingest.rules.kinds import FileKind
from ingest.rules.parts import FAULTS, Found, Left, PartLimits, judge
from tests.formats import making
from tests.formats.outlook_file import message, msg
from tests.houses import House


def names(house: House, intake: object) -> list[tuple[str, str, str]]:
    return [(x.name, x.state.value, x.reason.code) for x in house.items(intake)]  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_mail_becomes_its_message_and_its_attachments(house: House) -> None:
    logo = making.picture(90, 40)
    data = making.mail(
        html='<p>Beste school, hierbij het verslag van gisteren.</p><img src="cid:logo"><script>alert(1)</script>',
        files=[
            ("brief.pdf", "application/pdf", making.letter("Een brief over het lezen.")),
            (
                "notitie.txt",
                "text/plain",
                b"Een notitie over het gesprek van gisteren, met genoeg woorden om te lezen.",
            ),
            ("smime.p7s", "application/pkcs7-signature", b"zegel"),
        ],
        shown=[("logo", logo)],
    )
    anouk = house.by("anouk")
    intake = house.send([("bericht.eml", data)], anouk)
    house.work()
    found = names(house, intake)
    assert found[0] == ("bericht.eml", "split", "unpacked")
    assert [x[0] for x in found[1:]] == ["Verslag van het gesprek.eml", "brief.pdf", "notitie.txt"]
    assert {x[1] for x in found[1:]} == {"desk"}
    whole, first, letter, note = house.items(intake)
    told = document_lines([whole, first, letter, note], "bericht.eml")  # API and command tell the parts, not the mail
    assert [(x.status, x.part) for x in told] == [("desk", 2), ("desk", 3), ("desk", 4)]
    listed = house.app.parts.of(anouk, whole.item_id)
    assert [x.reason.code for x in listed.parts if x.reason] == ["mail_logo", "mail_seal"]
    assert [x.item.item_id for x in listed.parts if x.item] == [first.item_id, letter.item_id, note.item_id]
    with pytest.raises(NotFound):
        house.app.parts.of(house.by("mees"), whole.item_id)
    kept = bytes_of(house, letter.item_id)
    assert kept == making.letter("Een brief over het lezen.")
    said = bytes_of(house, first.item_id)
    assert b"Subject: Verslag van het gesprek" in said
    assert b"brief.pdf" in said
    assert making.letter("Een brief over het lezen.")[:40] not in said
    assert house.app.checks.check().well


def test_a_mail_without_attachments_stays_whole(house: House) -> None:
    data = making.mail(
        html='<p>Lize is vandaag ziek.</p><img src="cid:logo">', shown=[("logo", making.picture(60, 30))]
    )
    intake = house.send([("ziek.eml", data)])
    house.work()
    [item] = house.items(intake)
    assert (item.state, item.title) == (ItemState.DESK, "Verslag van het gesprek")
    assert bytes_of(house, item.item_id) == data


@pytest.mark.slow
def test_an_archive_a_mail_in_it_and_winmail_in_that(house: House) -> None:
    pack = making.tnef("geheim.txt", b"Wat Outlook had ingepakt: genoeg tekst voor een bladzijde met letters.")
    inner = making.mail(text="ok", files=[("winmail.dat", "application/ms-tnef", pack)])
    outlook = msg("Van Outlook", "Hierbij de brief over het rekenen van vorige week.", {"brief.pdf": making.letter()})
    data = making.archive(
        {
            "brieven/mail.eml": inner,
            "outlook.msg": outlook,
            "Thumbs.db": b"x",
            "leeg.pdf": b"",
            "../weg.txt": b"x",
            "doe.exe": b"MZ",
            "nog.zip": making.archive({"a.txt": "x"}),
        }
    )
    intake = house.send([("pak.zip", data)])
    house.work()
    found = names(house, intake)
    assert [x[:2] for x in found] == [
        ("pak.zip", "split"), ("mail.eml", "split"), ("outlook.msg", "split"), ("geheim.txt", "desk"),
        ("Van Outlook.eml", "desk"), ("brief.pdf", "desk"),
    ]  # fmt: skip
    with house.app.database.read() as session:
        left = {x.name: x.reason_code for x in session.scalars(select(PartRow).where(PartRow.reason_code != ""))}
        depths = {x.name: x.depth for x in session.scalars(select(PartRow))}
    assert left == {
        "Thumbs.db": "entry_junk", "leeg.pdf": "empty_file", "weg.txt": "entry_path", "doe.exe": "entry_program",
        "nog.zip": "entry_archive", "Verslag van het gesprek.eml": "message_without_text",
    }  # fmt: skip
    assert depths["geheim.txt"] == 2


@pytest.mark.slow
def test_the_file_goes_after_its_term_and_its_parts_stay(house: House) -> None:
    intake = house.send([("pak.zip", making.archive({"a.pdf": making.letter("Brief een."), "b.pdf": making.letter()}))])
    house.work()
    whole = house.items(intake)[0]
    assert house.app.parts.sweep() == 0
    with house.app.database.begin() as uow:
        row = uow.session.get_one(ItemRow, whole.item_id)
        row.changed_at -= timedelta(days=31)
    assert house.app.parts.sweep() == 1
    house.settle()
    row = house.item_row(whole.item_id)
    assert row.state is ItemState.DISCARDED
    assert not [x for x in house.app.vault.store.keys() if str(row.document_id) in str(x)]
    assert [x.state for x in house.items(intake)[1:]] == [ItemState.DESK, ItemState.DESK]
    assert house.app.checks.check().well


def test_archives_that_lie_are_refused_whole(house: House) -> None:
    bomb = making.archive({f"{n}.txt": b"\0" * 30_000_000 for n in range(2)})
    closed = bytearray(making.archive({"a.pdf": making.letter()}))
    for at in (6, closed.index(b"PK\x01\x02") + 8):
        closed[at] |= 1  # the bit that says: encrypted
    intake = house.send([("bom.zip", bomb), ("dicht.zip", bytes(closed)), ("leeg.zip", making.archive({}))])
    house.work()
    assert [x[1:] for x in names(house, intake)] == [
        ("quarantined", "archive_bomb"), ("refused", "encrypted"), ("refused", "broken_file"),
    ]  # fmt: skip


def test_limits_leave_out_what_is_too_much() -> None:
    def found(name: str, **more: object) -> Found:
        return Found(name, "part-1" if "fault" not in more else "", 10, packed=9, **more)  # type: ignore[arg-type]

    verdict = judge(FileKind.ZIP, [found("a.pdf"), found("b.pdf", fault="part_too_many")], PartLimits(count=1))
    assert [type(x) for x in verdict.parts] == [Taken, Left]
    assert verdict.parts[1].reason.text == FAULTS["part_too_many"]  # type: ignore[union-attr]
    assert judge(FileKind.ZIP, [found("a.pdf", fault="part_broken")], PartLimits()).whole is not None
    photo = found("foto.jpg", media_type="image/jpeg", inline=True, width=1600, height=1200)
    assert judge(FileKind.EML, [photo], PartLimits()).taken == 1  # somebody pasted it: it is no logo


def test_the_message_that_is_left_keeps_its_head_and_its_words() -> None:
    data = making.mail(files=[("brief.pdf", "application/pdf", making.letter())])
    said = read_mail(without_attachments(data, ["brief.pdf"]))
    whole = read_mail(data)
    assert said.head == whole.head
    assert said.plain.startswith(whole.plain.rstrip())
    assert said.attachments == []


def test_a_mail_inside_an_outlook_mail_is_a_mail_again(house: House) -> None:
    inner = message("Binnen", "De brief die erbij hoorde, met een paar woorden meer dan een groet.", {}, head=24)
    intake = house.send([("buiten.msg", msg("Buiten", "Zie de mail hieronder, van vorige week.", {"x": inner}))])
    house.work()
    assert [x[0] for x in names(house, intake)] == ["buiten.msg", "Buiten.eml", "Binnen.eml"]


def bytes_of(house: House, item_id: object) -> bytes:
    row = house.item_row(item_id)  # type: ignore[arg-type]
    with house.app.database.read() as session:
        assert session.get(DocumentRow, row.document_id) is None
    return house.app.vault.read(row.document_id, row.object_key, 1, 10_000_000)
