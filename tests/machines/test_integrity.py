"""Whatever happens to bytes or keys is detected, and the message says which document it is."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from dms.app import App
from dms.kernel.crashpoints import watched
from dms.kernel.errors import Broken
from dms.model.documents import ItemState, Rendition, Source
from dms.model.events import By
from dms.services.renditions import Unreadable
from storage.factory import open_keys
from storage.keys.root import file_roots
from tests.houses import House
from tests.machines.conftest import DAY, FULL, tiny_pdf
from tests.machines.crash_world import Paper

ROUNDS = 25 if FULL else 8
"""Of each of four kinds of damage: a hundred in all in the full run."""
Kind = Callable[[Path, Path, random.Random], None]


def flip(file: Path, _: Path, chance: random.Random) -> None:
    data = bytearray(file.read_bytes())
    at = chance.randrange(len(data) * 8)
    data[at // 8] ^= 1 << at % 8
    file.write_bytes(data)


def cut(file: Path, _: Path, chance: random.Random) -> None:
    os.truncate(file, chance.randrange(file.stat().st_size))


def longer(file: Path, _: Path, chance: random.Random) -> None:
    with file.open("ab") as grown:
        grown.write(chance.randbytes(chance.randint(1, 400)))


def swap(file: Path, other: Path, _: random.Random) -> None:
    aside = file.with_suffix(".aside")
    file.rename(aside)
    other.rename(file)
    aside.rename(other)


@pytest.fixture
def filed(house: House) -> tuple[House, dict[UUID, list[Path]]]:
    """A house with two documents, and the files of each."""
    number = house.schools()[0].current_pupils[3].number
    anouk = house.by("anouk")
    for mark in ("een", "twee"):
        paper = Paper(f"{mark}.pdf", tiny_pdf(mark), number, "OND-01", DAY)
        house.app.receive.receive(anouk, "99XX", Source.UPLOAD, [(paper.name, [paper.data])], paper.hints)
    house.work()
    files: dict[UUID, list[Path]] = {}
    for path in sorted((house.folder / "var" / "objects" / "objects").rglob("*.DK")):
        files.setdefault(UUID(path.parts[-3]), []).append(path)
    assert len(files) == 2
    assert house.app.checks.check(full=True).well
    return house, files


@pytest.mark.slow
@pytest.mark.parametrize("damage", [flip, cut, longer, swap])
def test_damage_is_found_and_named(
    filed: tuple[House, dict[UUID, list[Path]]], damage: Kind, record_property: Callable[[str, object], None]
) -> None:
    house, files = filed
    chance = random.Random(damage.__name__)
    (first, ours), (second, theirs) = files.items()
    found = 0
    for nth in range(ROUNDS):
        file = chance.choice(ours)
        other = chance.choice([x for x in (ours if nth % 2 else theirs) if x != file])
        before = {x: x.read_bytes() for x in (file, other)}
        damage(file, other, chance)
        report = house.app.checks.check(full=True)
        named = {first} if damage is not swap or nth % 2 else {first, second}
        lines = [x for x in report.details if x.startswith("fixity_bad")]
        found += report.fixity_bad > 0 and all(any(str(x) in line for line in lines) for x in named)
        for path, data in before.items():
            path.write_bytes(data)
    record_property("found", found)
    record_property("rounds", ROUNDS)
    assert found == ROUNDS
    assert house.app.checks.check(full=True).well


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["wrong", "missing"])
def test_a_wrong_or_missing_key(filed: tuple[House, dict[UUID, list[Path]]], kind: str) -> None:
    house, files = filed
    lost = next(iter(files))
    _other_keys(house.app, house.folder, lost, kind)
    report = house.app.checks.check(full=True)
    assert (report.keys_missing if kind == "missing" else report.fixity_bad) > 0
    assert any(str(lost) in x for x in report.details)
    assert not any(str(x) in line for x in list(files)[1:] for line in report.details)
    with pytest.raises(Unreadable) as caught:
        house.app.documents.text(house.by("anouk"), lost)
    assert caught.value.document_id == lost
    assert caught.value.code == ("key_missing" if kind == "missing" else "damaged")


def _other_keys(app: App, folder: Path, lost: UUID, kind: str) -> None:
    """Replace the key store by one in which the key of one document is another, or not there."""
    roots = file_roots(folder / "keys" / "root.key")
    other = open_keys(str(folder / "other"), roots)
    for key_id in app.vault.keys.ids():
        if key_id != lost:
            other.keep(key_id, app.vault.keys.get(key_id))
        elif kind == "wrong":
            other.create(key_id)
    for scope, secret in app.vault.keys.digest_secrets().items():
        other.keep_digest_secret(scope, secret)
    shutil.copyfile(folder / "other" / "keys.sqlite3", folder / "keys" / "keys.sqlite3")


def test_people_read_which_document_it_is(filed: tuple[House, dict[UUID, list[Path]]]) -> None:
    house, files = filed
    document, paths = next(iter(files.items()))
    anouk: By = house.by("anouk")
    for path in paths:
        os.truncate(path, 60)
    for act in (
        lambda: house.app.documents.text(anouk, document),
        lambda: house.app.documents.words(anouk, document, 1),
        lambda: house.app.documents.content(anouk, document, Rendition.PAGE, page=1),
        lambda: house.app.documents.content(anouk, document, Rendition.ORIGINAL, download=True),
    ):
        with pytest.raises(Broken) as caught:
            act()
        assert str(document) in caught.value.text()
        assert "dms check --full" in caught.value.advice_text()
    shown = house.app.documents.show(anouk, document)  # what is known of it is shown all the same
    assert shown.title
    with house.app.database.begin() as uow:
        uow.reindex(document)
    house.settle()  # the index lives on
    assert house.app.indexing.rebuild() == 2


def test_a_damaged_text_is_made_anew_while_reading(house: House) -> None:
    """What a killed run had read is damaged: the next run goes back to the original."""
    intake = house.send([("los.pdf", tiny_pdf("los"))])
    worker = house.app.worker()
    stopped = {"at": ""}

    def stop(name: str) -> None:
        if name == "step.saved":
            stopped["at"] = name
            raise KeyboardInterrupt

    with watched(stop), pytest.raises(KeyboardInterrupt):
        worker.work_once()
    assert stopped["at"]
    worker.release()
    [text] = (house.folder / "var" / "objects" / "objects").rglob("text.DK")
    os.truncate(text, 60)
    house.work()
    [item] = house.items(intake)
    assert item.state is ItemState.DESK
    assert house.app.checks.check(full=True).well
