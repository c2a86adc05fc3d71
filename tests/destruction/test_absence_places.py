"""Nothing is left on PostgreSQL and S3 either; and what an outsider does with commands, file and public key."""

import json
from pathlib import Path

import pytest
import structlog
from sqlalchemy import text

from dms.db.purge import raw_files
from dms.model.destruction import RunState
from retention.service.absence_scan import Needles, as_written, inflated
from tests.destruction.destroy_world import canaries, carried_out, left, opened, started
from tests.houses import OPERATOR, House, copy_on_postgres, settings_of
from tests.servers.postgres import PostgresServer

pytestmark = pytest.mark.slow


def test_on_postgresql_and_s3_nothing_is_left(postgres: PostgresServer, tmp_path: Path, s3_url: str) -> None:
    folder = tmp_path / "house"
    built, address = copy_on_postgres(postgres, folder, DMS_OBJECT_STORE=s3_url)
    built.app.close()
    more = {"DMS_DATABASE_URL": address, "DMS_OBJECT_STORE": s3_url}
    with opened(folder, **more) as place:
        found = canaries(place, 2, nth=0, mark="p")
        app = place.app
        words = [y for x in found for y in x.words]
        with app.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))  # common values of columns go into the statistics
            connection.execute(text("CHECKPOINT"))
        shown = [x for x in words if not x.startswith("kanarietekst")]
        assert set(raw(place_files(app), shown)) == set(shown), "they stand in the server's files before"
        made = started(place)
        progress = carried_out(place, made)
        assert (progress.state, progress.destroyed) == (RunState.COMPLETED, 2), progress
        assert raw(place_files(app), words) == set()
        assert left(place, words) == {}
        assert [x for x in app.vault.store.everything() if any(str(y.document_id) in x[0] for y in found)] == []
        assert all(app.vault.left_of(x.document_id) == [] for x in found)
        report = app.destruction.certificates.of_list(OPERATOR, made).body["verification"]
        places = {x["place"]: x for x in report["places"]}
        assert places["database files"]["things"] > 20
        assert places["database files"]["bytes"] > 100_000
        assert report["purge"]["not_allowed"] == []
    postgres.drop_database(address)


def place_files(app: object) -> object:
    """The server's own files of this database, raw."""
    return raw_files(app.database)  # type: ignore[attr-defined]


def raw(files: object, words: list[str]) -> set[str]:
    """Which of the words stand in them."""
    wanted = {y: x for x in words for y in as_written(x)}
    needles, found = Needles(wanted), set()
    for one in files:  # type: ignore[attr-defined]
        found |= {wanted[x] for x in needles.find(one.pieces)}
    return found


@pytest.mark.parametrize("cut", [1, 7, 8, 9, 4095, 4096, 1024 * 1024 - 3])
def test_the_scanner_finds_what_crosses_pieces(cut: int) -> None:
    needles = Needles([b"Kanarietitel van Joris", b"kort"])
    assert needles.skipped == {b"kort"}
    data = b"\0" * cut + b"KANARIEtitel van joris" + b"\xff" * 5000
    for size in (1, 5, 64, 4096, len(data)):
        if size == 1 and cut > 5000:
            continue
        pieces = (data[x : x + size] for x in range(0, len(data), size))
        assert needles.find(pieces) == {b"Kanarietitel van Joris"}
    assert needles.find([data.replace(b"van", b"vom")]) == set()


def test_the_scanner_looks_into_compressed_blocks_and_json() -> None:
    import zlib

    data = b"kop" + zlib.compress(b"x" * 900 + b"kanarie in een blok") + b"staart"
    assert Needles([b"kanarie in een blok"]).find(inflated(data)) == {b"kanarie in een blok"}
    assert as_written("één kanarie") == ("één kanarie".encode(), b"\\u00e9\\u00e9n kanarie")


def test_commands_from_execution_to_an_outsiders_check(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dms.cli.root import run

    for name, value in settings_of(house.folder).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(house.folder)

    def dms(*words: str) -> tuple[int, dict[str, object], str]:
        capsys.readouterr()
        code = run([*words, "--json"])
        structlog.reset_defaults()  # what it logged to is gone
        out, err = capsys.readouterr()
        return code, json.loads(out.splitlines()[-1]) if out.strip() else {}, err

    with opened(house.folder) as place:
        canaries(place, 1, nth=0, mark="o")
        lists, femke, dirk = place.app.disposal.lists, house.by("femke"), house.by("dirk")
        from retention.service.lists_compose import Selection
        from tests.houses import BRIN

        made = lists.propose(femke, BRIN, "Uitstroom", Selection(all_due=True)).list_id
        place.app.disposal.approval.approve(dirk, made)
    user = ("--user", "dirk@deregenboog.example")
    code, _, told = dms("retention", "execute", str(made), *user, "--confirm", "Uitstroom")
    assert (code, "waiting" in told) == (2, True), told
    with house.app.database.begin() as uow:
        uow.session.execute(text("UPDATE disposal_lists SET waits_until = '2020-01-01 00:00:00'"))
    code, _, told = dms("retention", "execute", str(made), *user, "--confirm", "Iets anders")
    assert (code, "wrong_name" in told) == (2, True), told
    code, found, told = dms("retention", "execute", str(made), *user, "--confirm", "Uitstroom")
    assert (code, found) == (0, {"destroyed": 1, "kept": 0, "failed": 0, "status": "completed"}), told
    assert dms("retention", "execute", str(made), *user, "--confirm", "Uitstroom")[0] == 2, "it is done"

    paper, key, page = tmp_path / "v.json", tmp_path / "sleutel.pem", tmp_path / "v.pdf"
    assert dms("retention", "certificate", str(made), "-o", str(paper))[0] == 0
    assert dms("retention", "certificate", str(made), "-o", str(page))[0] == 0
    assert page.read_bytes().startswith(b"%PDF")
    assert dms("retention", "certificate", str(made), "-o", str(tmp_path / "v.txt"))[0] == 2
    assert dms("retention", "public-key", "-o", str(key))[0] == 0

    away = tmp_path / "elders"
    away.mkdir()
    monkeypatch.chdir(away)
    for name in settings_of(house.folder):
        monkeypatch.delenv(name)
    check = ("retention", "verify-certificate", str(paper), "--public-key", str(key))
    assert dms(*check)[:2] == (0, {"valid": True, "faults": [], "number": 1, "certificate_id": certificate_id(paper)})
    assert list(away.iterdir()) == [], "nothing but the file and the key is needed, and nothing is made"
    for before, after in (('"documents": 1', '"documents": 2'), ('"number": 1', '"number": 2'), ("De Regenboog", "X")):
        whole = paper.read_text("utf-8")
        assert before in whole
        paper.write_text(whole.replace(before, after, 1), "utf-8")
        code, found, _ = dms(*check)
        assert (code, found["valid"], found["faults"]) == (4, False, ["signature"])
        paper.write_text(whole, "utf-8")
    page.write_text("{}")
    assert dms("retention", "verify-certificate", str(page), "--public-key", str(key))[0] == 2
    assert dms("retention", "verify-certificate", str(paper), "--public-key", str(paper))[0] == 2


def certificate_id(paper: Path) -> str:
    """The id in a certificate."""
    return str(json.loads(paper.read_text("utf-8"))["certificate"]["id"])
