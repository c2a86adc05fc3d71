"""Making an installation, its schools and its people."""

import json
import stat

from storage.keys.recovery import read_recovery_sheet
from storage.keys.root import parse_roots
from tests.cli.small_school import ADMIN, BRIN, CLERK, OTHER_BRIN, PASSWORD, Installation


def test_nothing_works_before_init_and_the_fault_says_so(empty: Installation) -> None:
    done = empty.dms("school", "list")
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert "dms init" in done.err


def test_init_chooses_a_password_and_prints_the_recovery_sheet(empty: Installation) -> None:
    done = empty.dms("init", "--school", "99zz", "--name", "Het Kompas", "--admin", ADMIN)
    assert done.code == 0, done.err
    assert "Wachtwoord" in done.out
    (root,) = parse_roots((empty.folder / "keys" / "root.key").read_text())
    assert read_recovery_sheet(done.out) == root


def test_init_as_json_keeps_the_root_key_out(empty: Installation) -> None:
    sheet = empty.folder / "safe" / "herstelblad.txt"
    done = empty.dms("init", "--school", BRIN, "--name", "K", "--admin", ADMIN, "--recovery-sheet", sheet, "--json")
    assert done.code == 0, done.err
    answer = done.json
    assert set(answer) == {"school", "name", "board", "admin", "password", "recovery_sheet"}
    assert "HERSTELBLAD" not in done.out
    assert stat.S_IMODE(sheet.stat().st_mode) == 0o600
    (root,) = parse_roots((empty.folder / "keys" / "root.key").read_text())
    assert read_recovery_sheet(sheet.read_text("utf-8")) == root
    with empty.app() as app:
        assert app.accounts.sign_in(ADMIN, answer["password"]).user.email == ADMIN


def test_a_second_init_changes_nothing(school: Installation) -> None:
    done = school.dms("init", "--school", "00YY", "--name", "Nog een", "--admin", "piet@school.example")
    assert done.code == 2
    assert "al ingericht" in done.err
    assert [x["brin"] for x in school.dms("school", "list", "--json").lines] == [OTHER_BRIN, BRIN]


def test_init_that_stopped_halfway_can_be_done_again(empty: Installation) -> None:
    first = empty.dms("init", "--school", BRIN, "--name", "Het Kompas", "--admin", "geen adres")
    assert first.code == 2
    assert "e-mailadres" in first.err
    assert empty.dms("init", "--school", BRIN, "--name", "Het Kompas", "--admin", ADMIN).code == 0


def test_a_short_password_stops_init_before_anything_is_made(empty: Installation) -> None:
    short = empty.folder / "short.txt"
    short.write_text("kort\n")
    done = empty.dms("init", "--school", BRIN, "--name", "K", "--admin", ADMIN, "--password-file", short)
    assert done.code == 2
    assert not (empty.folder / "var").exists()


def test_schools_are_json_lines_in_order_of_brin(school: Installation) -> None:
    done = school.dms("school", "list", "--json")
    assert done.lines == [
        {"brin": OTHER_BRIN, "name": "De Regenboog", "board": "Stichting Horizon"},
        {"brin": BRIN, "name": "Het Kompas", "board": "Het Kompas"},
    ]
    assert "Het Kompas" in school.dms("school", "list").out


def test_a_school_that_is_there_already_is_refused(school: Installation) -> None:
    done = school.dms("school", "add", BRIN, "--name", "Weer", "--json")
    assert done.code == 2
    assert done.out == ""
    assert json.loads(done.err)["error"]["code"] == "conflict"


def test_a_new_user_gets_a_password_once_and_a_second_role_without(school: Installation) -> None:
    first = school.dms(
        "user", "add", "carla@hetkompas.example", "--role", "intern_begeleider", "--school", BRIN, "--json"
    )
    assert set(first.json) == {"email", "name", "disabled", "roles", "password"}
    again = school.dms("user", "add", "carla@hetkompas.example", "--role", "directeur", "--school", BRIN, "--json")
    assert "password" not in again.json
    assert {x["role"] for x in again.json["roles"]} == {"intern_begeleider", "directeur"}
    with school.app() as app:
        app.accounts.sign_in("carla@hetkompas.example", first.json["password"])


def test_users_of_one_school_only(school: Installation) -> None:
    everybody = {x["email"] for x in school.dms("user", "list", "--json").lines}
    here = {x["email"] for x in school.dms("user", "list", "--school", OTHER_BRIN, "--json").lines}
    assert here == {"bram@deregenboog.example"}
    assert here < everybody
    assert CLERK in everybody


def test_a_token_is_shown_once_and_works(school: Installation) -> None:
    done = school.dms("user", "token", CLERK, "--scope", "search", "--scope", "intake", "--days", "2", "--json")
    assert set(done.json) == {"token", "expires"}
    with school.app() as app:
        found = app.accounts.by_token(done.json["token"])
        assert found is not None
        assert (found[0].email, found[1]) == (CLERK, {"search", "intake"})
    assert school.dms("user", "token", CLERK, "--scope", "alles").code == 2
    assert school.dms("user", "token", CLERK, "--days", "9999").code == 2


def test_upgrade_is_for_what_is_there(school: Installation, empty: Installation) -> None:
    assert school.dms("upgrade", "--json").json == {"upgraded": True}
    assert empty.dms("upgrade").code == 2
    assert not (empty.folder / "var" / "dossierkluis.sqlite").exists()


def test_settings_hide_secrets(tmp_path) -> None:
    secret = "geheim-geheim-geheim-geheim-geheim-1"
    address = "postgresql+psycopg://piet:geheimpje@db.example/dossier"
    found = Installation(tmp_path, {"DMS_SECRET": secret, "DMS_DATABASE_URL": address})
    for arguments in (("settings",), ("settings", "--json")):
        said = found.dms(*arguments).out
        assert "db.example" in said
        assert secret not in said
        assert "geheimpje" not in said


def test_wrong_settings_are_told_together(tmp_path) -> None:
    wrong = Installation(tmp_path, {"DMS_BIND": "nergens", "DMS_WORKERS": "veel", "DMS_ONZIN": "1"})
    done = wrong.dms("settings")
    assert done.code == 2
    for name in ("DMS_BIND", "DMS_WORKERS", "DMS_ONZIN"):
        assert name in done.err


def test_the_password_file_is_read_to_the_end_of_its_line(school: Installation) -> None:
    with school.app() as app:
        assert app.accounts.sign_in(CLERK, PASSWORD).user.email == CLERK
