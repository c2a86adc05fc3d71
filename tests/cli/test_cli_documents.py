"""Handing in, finding, showing and fetching, in the shapes of the contract."""

import stat
import uuid
from pathlib import Path

import pytest

from dms.model.events import ActorKind, By
from dms.settings import load
from tests.cli.small_school import BRIN, CLERK, STRANGER, WATCHER, Installation, furnish

ITEM_KEYS = [
    "path", "intake_id", "item_id", "part", "status", "document_id", "pupil", "category", "document_date", "title",
    "confidence", "reason",
]  # fmt: skip
STATUSES = {"filed", "desk", "duplicate", "quarantined", "refused", "discarded", "waiting"}
CHECK_KEYS = [
    "objects_missing", "objects_orphan", "keys_missing", "index_missing", "index_extra", "fixity_bad", "audit_bad",
]  # fmt: skip


@pytest.mark.slow
def test_ingest_walks_folders_and_gives_every_file_a_status(school: Installation, tmp_path: Path) -> None:
    pile = tmp_path / "stapel"
    (pile / "map").mkdir(parents=True)
    (pile / "b.pdf").write_bytes(school.letter(2))
    (pile / "map" / "a.pdf").write_bytes(b"%PDF-1.7 geen echte pdf")
    (pile / "leeg.pdf").write_bytes(b"")
    (pile / ".verborgen").write_bytes(b"x")
    (pile / "verwijzing.pdf").symlink_to(pile / "b.pdf")
    done = school.dms("ingest", pile, "--school", BRIN, "--wait", "--json")
    assert done.code == 0, done.err
    lines = done.lines
    assert [Path(x["path"]).name for x in lines] == ["b.pdf", "leeg.pdf", "a.pdf"]
    for line in lines:
        assert list(line) == ITEM_KEYS
        assert line["status"] in STATUSES - {"waiting"}
        assert uuid.UUID(line["intake_id"])
        assert line["part"] == 1
        assert line["reason"]
    assert [x["status"] for x in lines[1:]] == ["refused", "refused"]
    assert 0 <= lines[0]["confidence"] <= 1
    assert lines[0]["pupil"] is not None


@pytest.mark.slow
def test_ingest_without_waiting_says_that_it_waits(tmp_path: Path) -> None:
    fresh = furnish(tmp_path)
    paper = tmp_path / "brief.pdf"
    paper.write_bytes(fresh.letter())
    done = fresh.dms("ingest", paper, "--school", BRIN, "--user", CLERK, "--json")
    assert done.code == 0
    (line,) = done.lines
    assert (line["status"], line["document_id"]) == ("waiting", None)
    with fresh.app() as app:
        by = By(ActorKind.USER, app.accounts.by_email(CLERK).id)
        (item,) = app.status.recent(by, BRIN)
        assert str(item.item_id) == line["item_id"]


def test_a_file_that_is_too_large_is_refused_and_the_rest_goes_on(school: Installation, tmp_path: Path) -> None:
    large, small = tmp_path / "a.pdf", tmp_path / "b.pdf"
    with large.open("wb") as file:
        file.truncate(load({}, tmp_path).limits.file_bytes // 200 + 1)
    small.write_bytes(b"")
    tight = Installation(school.folder, {"DMS_MAX_FILE_MB": "1"})
    done = tight.dms("ingest", large, small, "--school", BRIN, "--wait", "--json")
    assert done.code == 0, done.err
    first, second = done.lines
    assert (first["status"], first["intake_id"]) == ("refused", None)
    assert "1 MB" in first["reason"]
    assert second["intake_id"] is not None


def test_ingest_refuses_paths_and_schools_that_are_not_there(school: Installation, tmp_path: Path) -> None:
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"x")
    assert school.dms("ingest", tmp_path / "niets.pdf", "--school", BRIN).code == 2
    assert school.dms("ingest", paper, "--school", "00ZZ").code == 2
    assert school.dms("ingest", paper, "--school", BRIN, "--user", STRANGER).code == 2


def test_search_has_the_shape_of_the_contract(school: Installation, document: str) -> None:
    done = school.dms("search", "rapport", "--user", CLERK, "--json")
    assert done.code == 0, done.err
    answer = done.json
    assert list(answer) == ["total", "hits", "facets"]
    assert answer["total"] >= 1
    for hit in answer["hits"]:
        assert list(hit) == ["document_id", "title", "pupil", "category", "document_date", "snippet"]
    assert document in {x["document_id"] for x in answer["hits"]}
    assert any("**" in x["snippet"] for x in answer["hits"])
    assert sum(answer["facets"]["category"].values()) == answer["total"]
    limited = school.dms("search", "rapport", "--user", CLERK, "--limit", "1", "--json").json
    assert len(limited["hits"]) == 1
    assert limited["total"] == answer["total"]


def test_who_may_see_nothing_finds_nothing_and_learns_nothing(school: Installation, document: str) -> None:
    nothing = school.dms("search", "rapport", "--user", STRANGER, "--json").json
    assert nothing["total"] == 0
    assert nothing["hits"] == []
    assert not any(nothing["facets"].values())
    forbidden = school.dms("show", document, "--user", STRANGER)
    absent = school.dms("show", str(uuid.uuid4()), "--user", STRANGER)
    no_id = school.dms("show", "geen-nummer", "--user", STRANGER)
    assert forbidden == absent == no_id
    assert forbidden.code == 2
    assert "niet gevonden" in forbidden.err


def test_show_tells_what_is_known(school: Installation, document: str) -> None:
    answer = school.dms("show", document, "--user", CLERK, "--json").json
    assert answer["document_id"] == document
    assert answer["school"] == BRIN
    assert answer["pupil"] == school.pupil(1).number
    assert "read" in answer["actions"]
    assert answer["title"] in school.dms("show", document, "--user", CLERK).out


def test_get_writes_a_file_for_its_owner_only(school, document, tmp_path) -> None:
    file = tmp_path / "uit.pdf"
    file.write_text("wat er stond")
    done = school.dms("get", document, "--user", CLERK, "-o", file, "--json")
    assert done.code == 0, done.err
    assert done.json == {"file": str(file), "media_type": "application/pdf", "size": file.stat().st_size}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [x.name for x in tmp_path.iterdir()] == ["uit.pdf"]


def test_get_gives_the_text_and_the_very_bytes_that_came_in(school, document, tmp_path) -> None:
    original, text = tmp_path / "a.pdf", tmp_path / "a.txt"
    assert school.dms("get", document, "--user", CLERK, "-o", original).code == 0
    assert original.read_bytes() == school.letter(1, seed=101)
    assert school.dms("get", document, "--user", CLERK, "-o", text, "--rendition", "text").code == 0
    assert "rapport" in text.read_text("utf-8").lower()


@pytest.mark.parametrize("email", [STRANGER, WATCHER])
def test_get_looks_the_same_for_forbidden_and_absent(school, document, tmp_path, email) -> None:
    file = tmp_path / "uit.pdf"
    forbidden = school.dms("get", document, "--user", email, "-o", file)
    absent = school.dms("get", str(uuid.uuid4()), "--user", email, "-o", file)
    assert forbidden == absent
    assert forbidden.code == 2
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_told(school, document, tmp_path) -> None:
    done = school.dms("get", document, "--user", CLERK, "-o", tmp_path / "er" / "is" / "niets.pdf")
    assert done.code == 2
    assert "Fout:" in done.err


def test_rights_are_explained_with_the_line_that_decides(school: Installation, document: str) -> None:
    yes = school.dms("rights", "explain", "--user", CLERK, "--document", document, "--json").json
    assert list(yes) == ["allowed", "action", "reason", "line"]
    assert (yes["allowed"], yes["action"]) == (True, "read")
    assert isinstance(yes["line"], int)
    assert yes["reason"]
    no = school.dms("rights", "explain", "--user", STRANGER, "--document", document, "--action", "see", "--json").json
    assert no["allowed"] is False
    who = school.dms("rights", "who", "--document", document, "--json").lines
    assert {x["email"]: "read" in x["actions"] for x in who}[CLERK]
    assert STRANGER not in {x["email"] for x in who}


def test_import_without_apply_changes_nothing(school: Installation) -> None:
    before = school.dms("import", "pupils", school.folder / "leerlingen.csv", "--school", BRIN, "--json").json
    assert {"applied", "counts", "rows"} <= set(before)
    assert before["applied"] is False
    assert set(before["counts"]) == {"new", "changed", "unchanged", "conflict", "error"}
    assert before["counts"]["unchanged"] == len(before["rows"])
    again = school.dms("import", "pupils", school.folder / "leerlingen.csv", "--school", BRIN, "--apply", "--json").json
    assert again["applied"] is True
    assert again["counts"] == before["counts"]


def test_a_list_that_is_refused_whole_exits_2(school: Installation, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("dit;is;geen;leerlingenlijst\n1;2;3;4\n")
    done = school.dms("import", "pupils", wrong, "--school", BRIN, "--apply", "--json")
    assert done.code == 2
    assert done.out == ""


@pytest.mark.slow
def test_check_finds_what_is_lost_and_brings_right_what_can_be(tmp_path: Path) -> None:
    fresh = furnish(tmp_path)
    fresh.filed()
    fine = fresh.dms("check", "--full", "--json")
    assert fine.code == 0
    assert list(fine.json) == CHECK_KEYS
    assert not any(fine.json.values())
    lost = next(x for x in (tmp_path / "var" / "objects").rglob("*") if x.is_file() and "thumb" in x.name)
    lost.unlink()
    found = fresh.dms("check", "--json")
    assert found.code == 4
    assert found.json["objects_missing"] == 1
    assert "Er klopt iets niet" in fresh.dms("check").out


@pytest.mark.slow
def test_an_index_that_lacks_a_document_is_repaired(tmp_path: Path) -> None:
    fresh = furnish(tmp_path)
    fresh.filed()
    with fresh.app() as app:
        app.indexing.drop([x for x, _ in app.index.placement_ids()])
    assert fresh.dms("check", "--json").json["index_missing"] == 1
    assert fresh.dms("check", "--repair").code == 0
    assert fresh.dms("check", "--json").code == 0
    assert fresh.dms("search", "rapport", "--user", CLERK, "--json").json["total"] == 1


@pytest.mark.slow
def test_reindex_and_audit_verify(tmp_path: Path) -> None:
    fresh = furnish(tmp_path)
    fresh.filed()
    with fresh.app() as app:
        generation = app.index.generation
        app.checks.seal_audit()
    assert fresh.dms("reindex", "--json").json == {"reindexed": True}
    with fresh.app() as app:
        assert app.index.generation != generation
    fine = fresh.dms("audit", "verify", "--json")
    assert fine.code == 0
    assert fine.json["checked"] > 10
    checkpoint = tmp_path / "var" / "audit-checkpoints.log"
    chain, sequence, _ = checkpoint.read_text().splitlines()[-1].split(" ")
    checkpoint.write_text(f"{chain} {int(sequence) + 3} {'0' * 64}\n")
    cut = fresh.dms("audit", "verify", "--json")
    assert cut.code == 4
    assert [x["what"] for x in cut.json["faults"]] == ["cut"]
