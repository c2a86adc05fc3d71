"""The commands of administration: what the screens can do, scripted."""

import json

import pytest
from pyotp import TOTP

from dms.model.events import ActorKind, By
from tests.cli.small_school import ADMIN, BRIN, CLERK, PASSWORD, Installation, furnish


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation of its own: these commands change things."""
    return furnish(tmp_path_factory.mktemp("administration"))


@pytest.mark.slow
def test_a_user_is_disabled_and_enabled(place: Installation) -> None:
    token = place.dms("user", "token", CLERK, "--name", "proef", "--json").json["token"]
    assert place.dms("user", "disable", CLERK, "--json").json == {"email": CLERK, "disabled": True}
    with place.app() as app:
        assert app.accounts.by_token(token) is None
    assert next(x for x in place.dms("user", "list", "--json").lines if x["email"] == CLERK)["disabled"]
    assert place.dms("user", "enable", CLERK, "--json").json == {"email": CLERK, "disabled": False}
    assert not any(x["live"] for x in place.dms("user", "token", "list", CLERK, "--json").lines)
    assert place.dms("user", "disable", "niemand@hetkompas.example").code == 2


def test_the_last_administrator_cannot_be_disabled(place: Installation) -> None:
    admin = next(
        x["email"]
        for x in place.dms("user", "list", "--json").lines
        if any(r["role"] == "applicatiebeheerder" for r in x["roles"])
    )
    done = place.dms("user", "disable", admin, "--json")
    assert done.code == 2
    assert json.loads(done.err)["error"]["code"] == "last_administrator"
    done = place.dms("user", "role", "end", admin, "--role", "applicatiebeheerder", "--json")
    assert json.loads(done.err)["error"]["code"] == "last_administrator"


def test_tokens_are_revoked_one_or_all(place: Installation) -> None:
    tokens = [place.dms("user", "token", CLERK, "--days", "2", "--json").json["token"] for _ in range(2)]
    live = [x["id"] for x in place.dms("user", "token", "list", CLERK, "--json").lines if x["live"]]
    assert len(live) == 2
    assert place.dms("user", "token", "revoke", CLERK, "--id", live[0], "--json").json["revoked"] == [live[0]]
    assert place.dms("user", "token", "revoke", CLERK, "--json").json["revoked"] == [live[1]]
    with place.app() as app:
        assert [app.accounts.by_token(x) for x in tokens] == [None, None]
    assert place.dms("user", "token", "revoke", CLERK, "--id", "onzin").code == 2


def test_a_password_a_link_sessions_and_the_end_of_a_role(place: Installation) -> None:
    mail = "tineke@hetkompas.example"
    place.dms("user", "add", mail, "--role", "administratie", "--school", BRIN, "--json")
    chosen = place.dms("user", "password", mail, "--json").json["password"]
    with place.app() as app:
        app.accounts.sign_in(mail, chosen)
    assert len(place.dms("user", "sessions", mail, "--json").lines) == 1
    assert place.dms("user", "sessions", mail, "--end", "--json").json["ended"] == 1
    url = place.dms("user", "link", mail, "--json").json["url"]
    with place.app() as app:
        app.administration.access.set_password(url.rpartition("/")[2], "een zelfgekozen lange zin")
        app.accounts.sign_in(mail, "een zelfgekozen lange zin")
    ended = place.dms(
        "user", "role", "end", mail, "--role", "administratie", "--school", BRIN, "--on", "2099-01-01", "--json"
    )
    assert ended.json["until"] == "2099-01-01"
    assert place.dms("user", "role", "end", mail, "--role", "fg").code == 2


@pytest.mark.slow
def test_schools_sites_and_groups(place: Installation) -> None:
    place.dms("school", "add", "11AB", "--name", "De Boog", "--board", "Stichting Boog", "--json")
    assert place.dms("school", "rename", "11ab", "--name", "De Halve Boog", "--json").json["name"] == "De Halve Boog"
    assert place.dms("site", "add", "1", "--school", "11AB", "--name", "Noord", "--json").json["code"] == "11AB01"
    assert place.dms("site", "list", "--school", "11AB", "--json").json["pupils"] == 0
    for name in ("7a", "7b"):
        place.dms("group", "add", name, "--school", "11AB", "--year", "2026/27", "--level", "7", "--json")
    place.dms("group", "rename", "7b", "7c", "--school", "11AB", "--json")
    assert place.dms("group", "merge", "7a", "7c", "--school", "11AB", "--json").json["pupils"] == 0
    assert [x["name"] for x in place.dms("group", "list", "--school", "11AB", "--json").lines] == ["7c"]
    assert place.dms("group", "list", "--school", "11AB", "--closed", "--json").json["school_year"] == "2026-2027"
    assert place.dms("group", "close", "7c", "--school", "11AB", "--json").json["closed"]
    assert place.dms("school", "close", "11AB", "--json").json["closed"]
    assert not place.dms("school", "reopen", "11AB", "--json").json["closed"]
    refused = place.dms("school", "close", BRIN, "--json")
    assert json.loads(refused.err)["error"]["code"] == "in_use"


@pytest.mark.slow
def test_categories_sources_settings_and_their_changes(place: Installation) -> None:
    listed = place.dms("category", "list", "--school", BRIN, "--json").lines
    assert len(listed) == 37
    asked = ("category", "set", "ond-10", "--school", BRIN, "--name", "Leesdossier")
    dry = place.dms(*asked, "--dry-run", "--json").json
    assert (dry["applied"], dry["changes"][0]["after"]) == (False, "Leesdossier")
    assert place.dms(*asked, "--active", "nee", "--json").json["applied"]
    assert place.dms("category", "set", "OND-10", "--school", BRIN, "--level", "L1", "--json").code == 2
    place.dms("source", "set", "upload", "off", "--school", BRIN, "--json")
    sources = {x["kind"]: x["open"] for x in place.dms("source", "list", "--school", BRIN, "--json").lines}
    assert sources["upload"] is False
    assert place.dms("source", "set", "command", "off", "--school", BRIN).code == 2
    place.dms("setting", "set", "session_idle", "10", "--school", BRIN, "--board", "--json")
    settings = {x["name"]: x for x in place.dms("setting", "list", "--school", BRIN, "--board", "--json").lines}
    assert settings["session_idle"] == {"name": "session_idle", "value": "10", "chosen": True}
    assert place.dms("setting", "set", "session_idle", "10", "--school", BRIN).code == 2
    assert place.dms("setting", "set", "session_idle", "1", "--school", BRIN, "--board").code == 2
    changes = place.dms("changes", "--limit", "5", "--json").lines
    assert [x["event"] for x in changes[:3]] == ["settings.changed", "source.changed", "category.changed"]
    assert changes[0]["changes"] == [{"field": "Uitloggen na stilte", "before": "", "after": "10"}]
    assert len(place.dms("changes", "--subject", "source", "--json").lines) == 1


def test_a_heavy_role_waits_for_a_second_person(place: Installation) -> None:
    mail = "sara@hetkompas.example"
    place.dms("user", "add", mail, "--role", "administratie", "--school", BRIN, "--json")
    with place.app() as app:
        gijs = app.accounts.by_email(ADMIN)
        school = next(x for x in app.schools.list() if x.brin == BRIN)
        by, sara = By(ActorKind.USER, gijs.id), app.accounts.by_email(mail).id
        for code in ("directeur", "archiefbeheerder"):
            version = app.administration.people.view(by, sara).row_version
            given = {"role": code, "place": str(school.id)}
            app.administration.roles.give(by, sara, version, school.board_id, given, apply=True)
    waiting = place.dms("user", "role", "waiting", "--json").lines
    assert {(x["email"], x["role"]) for x in waiting} == {(mail, "directeur"), (mail, "archiefbeheerder")}
    assert all(x["asked_by"] for x in waiting)
    assert "directeur" in place.dms("user", "role", "waiting").out
    done = place.dms("user", "role", "confirm", mail, "--role", "directeur", "--json")
    assert done.json == {"email": mail, "role": "directeur", "confirmed": True}
    done = place.dms(
        "user", "role", "confirm", mail, "--role", "archiefbeheerder", "--refuse", "niet afgesproken", "--json"
    )
    assert done.json["confirmed"] is False
    person = next(x for x in place.dms("user", "list", "--json").lines if x["email"] == mail)
    assert {r["role"] for r in person["roles"]} == {"administratie", "directeur"}
    done = place.dms("user", "role", "confirm", mail, "--role", "directeur", "--json")
    assert done.code == 2
    assert "waiting" in done.err


def test_a_lost_second_step_is_cleared(place: Installation) -> None:
    with place.app() as app:
        token = app.accounts.sign_in(CLERK, PASSWORD).token
        secret = app.accounts.my_offer(token).secret
        app.accounts.add_my_app(token, TOTP(secret).at(app.clock.now()))
    assert place.dms("user", "reset-factor", CLERK, "--json").json == {"email": CLERK, "removed": 1}
    assert place.dms("user", "sessions", CLERK, "--json").lines == []
    assert place.dms("user", "reset-factor", "niemand@hetkompas.example").code == 2
