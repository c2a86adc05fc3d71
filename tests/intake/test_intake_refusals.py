"""What cannot come in says why, in Dutch, each in its own words; nothing else suffers."""

import pytest

from dms.demo.hostile import good_pdf, hostile_files
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.model.documents import ItemState, Source
from dms.services.shapes import Hints
from ingest.service.receive import Receive
from tests.houses import BRIN, OPERATOR, House

EXPECTED = {
    "not-a-pdf": "not_what_its_name_says",
    "empty": "empty_file",
    "encrypted": "encrypted",
    "no-pages": "no_pages",
    "huge-image": "too_many_pixels",
    "truncated-jpeg": {"broken_image", "read_broken", "filed_or_desk"},
    "truncated-pdf": {"broken_pdf", "no_pages", "read_broken", "filed_or_desk"},
    "sound": "type_not_supported",
    "html": "not_what_its_name_says",
}


@pytest.mark.slow
def test_each_bad_file_has_its_own_reason(house: House) -> None:
    bad = list(hostile_files())
    intake = house.send([*((x.name, x.data) for x in bad), ("goed.pdf", good_pdf("Een gewone brief zonder naam."))])
    house.work()
    *items, good = house.items(intake)
    assert good.state is ItemState.DESK
    told: dict[str, str] = {}
    for one, item in zip(bad, items, strict=True):
        wanted = EXPECTED[one.kind]
        code = "filed_or_desk" if item.state in (ItemState.FILED, ItemState.DESK) else item.reason.code
        assert code in ({wanted} if isinstance(wanted, str) else wanted), (one.kind, item.state, item.reason)
        if code != "filed_or_desk":
            assert item.state in (ItemState.REFUSED, ItemState.QUARANTINED)
            told[one.kind] = str(item.reason)
    assert all(len(x) > 20 for x in told.values())
    for a, b in (("empty", "encrypted"), ("no-pages", "huge-image"), ("not-a-pdf", "encrypted"), ("html", "empty")):
        assert told[a] != told[b]
    assert house.app.checks.check().well


def test_a_file_over_the_limit_is_not_taken_and_leaves_nothing(house: House) -> None:
    small = Receive(house.app.receive._tools, most_bytes=1000)
    before = list(house.app.vault.store.keys())
    with pytest.raises(BadInput) as told:
        small.receive(OPERATOR, BRIN, Source.UPLOAD, [("a.pdf", [b"x" * 10]), ("b.pdf", [b"x" * 600, b"x" * 600])])
    assert told.value.code == "too_many_bytes"
    assert list(house.app.vault.store.keys()) == before


def test_nothing_at_all_is_an_error(house: House) -> None:
    with pytest.raises(BadInput):
        house.send([])


def test_who_may_add_nothing_cannot_send(house: House) -> None:
    pdf = good_pdf("Brief")
    for name, error in (("mees", NotFound), ("hanna", Refused), ("gijs", NotFound), ("femke", Refused)):
        with pytest.raises(error):
            house.send([("a.pdf", pdf)], house.by(name))


def test_hints_that_do_not_exist_or_are_out_of_reach(house: House) -> None:
    def send(name: str, **hints: str) -> None:
        house.app.receive.receive(
            house.by(name),
            BRIN,
            Source.UPLOAD,
            [("a.pdf", [good_pdf("Brief")])],
            Hints(**hints),  # type: ignore[arg-type]
        )

    with pytest.raises(NotFound):
        send("anouk", pupil_number="99999999")
    with pytest.raises(BadInput):
        send("anouk", category="XXX-01")
    pupil = house.schools()[0].current_pupils[0].number
    with pytest.raises(Refused):
        send("anouk", pupil_number=pupil, category="ZRG-04")
    other_school = house.schools()[1].pupils[5].number
    if all(x.number != other_school for x in house.schools()[0].pupils):
        with pytest.raises(NotFound):
            send("anouk", pupil_number=other_school)


def test_names_are_labels_never_paths(house: House) -> None:
    names = ["../../etc/passwd", "C:\\temp\\brief.pdf", "a\x00b\u202efdp.exe", "", "x" * 500 + ".pdf", "CON"]
    intake = house.send([(x, good_pdf("Brief")) for x in names])
    shown = [x.name for x in house.items(intake)]
    assert shown == ["passwd", "brief.pdf", "abfdp.exe", "bestand", "x" * 196 + ".pdf", "CON"]
