"""How commands end: one line, a code, never a traceback."""

import json

import pytest

from dms.cli.output import exit_code
from dms.kernel.errors import BadInput, Broken, Conflict, DmsError, NotFound, OutsideDown, Refused, SetupWrong
from dms.services.schools import Schools
from indexing.whoosh_engine import WhooshIndex
from storage.errors import StoreDown
from tests.cli.small_school import CLERK, Installation


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (BadInput("x"), 2),
        (NotFound(), 2),
        (Refused(), 2),
        (Conflict("x"), 2),
        (SetupWrong("x"), 2),
        (OutsideDown("x"), 3),
        (StoreDown(), 3),
        (Broken("x"), 1),
        (DmsError("x"), 1),
    ],
)
def test_every_kind_of_error_has_its_exit_code(fault: DmsError, code: int) -> None:
    assert exit_code(fault) == code


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("ingest",), "PATHS"),
        (("school", "add", "99XX"), "--name"),
        (("zomaar",), "zomaar"),
        (("school", "list", "--kleur"), "--kleur"),
        (("search", "x", "--user", "a@b.nl", "--limit", "0"), "--limit"),
        (("rights", "explain", "--user", "a@b.nl", "--document", "x", "--action", "dansen"), "approve_disposal"),
        (("import", "pupils", "/er/is/niets", "--school", "99XX"), "FILE"),
    ],
)
def test_what_is_typed_wrong_is_told_in_one_line(school: Installation, arguments: tuple[str, ...], word: str) -> None:
    done = school.dms(*arguments)
    assert done.code == 2
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert line.startswith("Fout: ")
    assert word in line
    assert "--help" in line


def test_with_json_the_fault_is_json_on_stderr_and_stdout_stays_empty(school: Installation) -> None:
    done = school.dms("show", "0" * 32, "--user", CLERK, "--json")
    assert done.code == 2
    assert done.out == ""
    error = json.loads(done.err)["error"]
    assert set(error) == {"code", "message", "advice"}
    assert error["message"] == "niet gevonden"


def test_a_fault_of_ours_shows_a_reference_and_nothing_of_what_it_held(
    school: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Schools) -> None:
        raise RuntimeError("Jan Jansen, 123456782")

    monkeypatch.setattr(Schools, "list", broken)
    done = school.dms("school", "list")
    assert done.code == 1
    assert "Jansen" not in done.err
    assert "Traceback" not in done.err
    *logged, told = done.err.splitlines()
    reference = json.loads(logged[0])["reference"]
    assert reference in told


def test_something_outside_that_is_down_exits_3(school: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(self: WhooshIndex, *_: object) -> None:
        raise OutsideDown("De zoekmachine antwoordt niet.", "Probeer het zo opnieuw.")

    monkeypatch.setattr(WhooshIndex, "_search", down)
    done = school.dms("search", "rapport", "--user", CLERK)
    assert done.code == 3
    assert "antwoordt niet" in done.err


def test_a_database_that_is_not_there_exits_3(tmp_path) -> None:
    away = Installation(tmp_path, {"DMS_DATABASE_URL": "postgresql+psycopg://x:y@127.0.0.1:1/niets?connect_timeout=2"})
    done = away.dms("school", "list")
    assert done.code == 3
    assert len(done.err.splitlines()) == 1


def test_help_is_dutch_and_needs_no_installation(empty: Installation) -> None:
    done = empty.dms("ingest", "--help")
    assert done.code == 0
    assert "Gebruik: dms ingest" in done.out
    assert "--json" in done.out
    assert "Usage" not in done.out
