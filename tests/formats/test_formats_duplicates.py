"""A paper that comes a second time: known again before it files itself, shown beside the first, decided by a person."""

from datetime import date
from uuid import uuid4

import pytest

from dms.db.tables import DocumentVersionRow, LookalikeRow, TombstoneRow
from dms.demo.letters.catalogue import FILEABLE_KINDS, make_letter
from dms.kernel.errors import Conflict, NotFound
from dms.model.documents import ItemState
from dms.services.tools import digest_scope
from ingest.rules.duplicates import Fingerprint, compare, fingerprint
from tests.houses import BRIN, House

DAY = date(2026, 3, 3)
TEXT = (
    "Verslag van het gesprek van 3 maart 2026 over Daan de Vries, leerlingnummer 30121. "
    "Wij spraken over het lezen. Het tempo is 84 woorden in de minuut, dat is niveau 3 van 5. "
    "Thuis wordt vier keer in de week 15 minuten gelezen. De volgende afspraak is om 15.30 uur in lokaal 12."
)


def of(text: str, looks: tuple[str, ...] = ()) -> Fingerprint:
    return fingerprint(text.split("\f"), looks)


def test_the_same_words_on_the_same_day_are_the_same_paper() -> None:
    spoilt = TEXT.replace("gesprek", "gesprck").replace("lezen", "1ezen").replace("minuut", "rninuut")
    assert compare(of(TEXT), of(spoilt), DAY, DAY).alike
    assert compare(of(TEXT), of(spoilt), DAY, None).reason is None  # without a date it has to be surer
    assert compare(of(TEXT), of(TEXT), None, DAY).alike


def test_another_date_or_another_number_of_pages_is_another_paper() -> None:
    assert not compare(of(TEXT), of(TEXT), DAY, date(2026, 3, 10)).alike
    assert not compare(of(TEXT), of(TEXT + "\f" + TEXT), DAY, DAY).alike


def test_other_figures_in_the_same_letter_are_another_paper() -> None:
    other = TEXT
    for one, two in (("30121", "30456"), ("84", "51"), (" 3 van 5", " 1 van 4"), ("15.30", "09.45"), ("12.", "7.")):
        other = other.replace(one, two)
    assert not compare(of(TEXT), of(other), DAY, DAY).alike


def test_a_paper_without_words_is_known_by_its_looks() -> None:
    look = "f0" * 32
    near = f"{int(look, 16) ^ 0b111:064x}"
    assert compare(of("", (look,)), of("", (near,)), None, None).alike
    assert not compare(of("", (look,)), of("", ("0f" * 32,)), None, None).alike
    assert not compare(of("", ("0" * 64,)), of("", ("0" * 64,)), None, None).alike  # two blank sheets


def test_a_fingerprint_survives_and_stays_small() -> None:
    made = fingerprint([f"{TEXT} {n}" for n in range(300)], ["ab" * 32] * 300)
    assert Fingerprint.from_bytes(made.to_bytes()) == made
    assert len(made.to_bytes()) < 3200
    assert compare(made, made, None, None).alike


def letters(house: House) -> tuple[bytes, bytes]:
    """One letter that files itself, and the same letter made anew: the same words in other bytes."""
    school = house.schools()[0]
    kind = next(x for x in FILEABLE_KINDS if x.name == "test results")
    pupil = kind.pupils(school)[0]
    data = make_letter(school, kind, pupil, DAY, 1, kind.looks[0]).data
    return data, data.replace(b"%%EOF", b"%%EOF\n% nog een keer")


@pytest.mark.slow
def test_at_the_desk_a_person_decides(house: House) -> None:
    first, second = letters(house)
    (one,) = send(house, first)
    assert one.state is ItemState.FILED
    anouk = house.by("anouk")
    (two,) = send(house, second)
    assert (two.state, two.reason.code) == (ItemState.DESK, "same_text")
    (like,) = house.app.duplicates.of(anouk, two.item_id)
    assert like.document_id == one.document_id
    assert like.text == 1.0
    pair = house.app.duplicates.pair(anouk, two.item_id, like.document_id)
    assert len(pair.item_pages) == len(pair.document_pages) > 0
    with pytest.raises(NotFound):
        house.app.duplicates.of(house.by("mees"), two.item_id)
    with pytest.raises(Conflict):
        house.app.duplicates.discard(anouk, two.item_id, 999, like.document_id)
    house.app.duplicates.keep_both(anouk, two.item_id, pair.row_version, like.document_id)
    house.work()
    (two,) = house.items(two.intake_id)
    assert two.state is ItemState.FILED  # it was sure of everything else


@pytest.mark.slow
def test_the_new_paper_goes_or_becomes_a_version(house: House) -> None:
    first, second = letters(house)
    (one,) = send(house, first)
    anouk = house.by("anouk")
    (two,) = send(house, second)
    pair = house.app.duplicates.pair(anouk, two.item_id, one.document_id)
    house.app.duplicates.discard(anouk, two.item_id, pair.row_version, one.document_id)
    assert house.item_row(two.item_id).state is ItemState.DISCARDED
    (three,) = send(house, second)
    pair = house.app.duplicates.pair(anouk, three.item_id, one.document_id)
    assert pair.may_add_version
    assert house.app.duplicates.add_version(anouk, three.item_id, pair.row_version, one.document_id) == 2
    house.work()
    with house.app.database.read() as session:
        versions = session.query(DocumentVersionRow).filter_by(document_id=one.document_id).all()
        assert sorted(x.number for x in versions) == [1, 2]
        assert {x.verdict.value for x in session.query(LookalikeRow)} == {"discard", "version"}
    assert house.item_row(three.item_id).state is ItemState.DISCARDED


def test_what_was_destroyed_does_not_come_back_by_itself(house: House) -> None:
    first, _ = letters(house)
    (one,) = send(house, first)
    row = house.item_row(one.item_id)
    _, second = letters(house)
    with house.app.database.begin() as uow:
        digest = house.app.vault.keyed_digest(digest_scope(BRIN), [second])
        uow.session.add(
            TombstoneRow(school_id=row.school_id, digest=digest, line_id=uuid4(), destroyed_on=date(2026, 1, 5))
        )
    (two,) = send(house, second)
    assert (two.state, two.reason.code) == (ItemState.DESK, "destroyed_before")
    assert "05-01-2026" in str(two.reason)
    assert house.app.duplicates.warning(house.by("anouk"), two.item_id) is not None


def send(house: House, data: bytes) -> tuple:
    intake = house.send([("brief.pdf", data)])
    house.work()
    return house.items(intake)
