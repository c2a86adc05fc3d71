"""Every route says who may come; what says nothing stays closed, and nobody comes in unsigned."""

import re
from uuid import uuid4

import pytest

from dms.web.factory import create_app
from dms.web.guard import Access, access_of
from rights.rules.actions import Action
from tests.web.screen_world import World, token

PUBLIC = {
    "sign_in.form",
    "sign_in.sign_in",
    "sign_in.sign_out",
    "sign_in.language",
    "second_step.form",
    "second_step.send",
    "second_step.set_up",
    "second_step.set_up_now",
    "sign_on.leave",
    "sign_on.back",
    "set_password.form",
    "set_password.save",
    "assets.file",
}
SESSION_ONLY = {
    "account.page",
    "account.confirm",
    "account.confirm_now",
    "account.password",
    "account.change_password",
    "account.app",
    "account.add_app",
    "account.passkey",
    "account.add_passkey",
    "account.remove_factor",
    "account.recovery_codes",
    "account.end_sessions",
    "letters.mine",
    "letters.choose",
    "home.page",
    "home.help_page",
    "home.keys",
    "home.guide",
    "home.put_guide",
    "tastes.page",
    "tastes.choose",
    "components.page",
    "components.undone",
    "components.dialog_page",
    "sign_in.school",
    "opening.page",
    "opening.open_now",
    "opening.end",
    "retention_schedule.page",
    "retention_schedule.versions",
    "retention_schedule.version",
    "retention_schedule.file",
    "rights_people.mine",
}


def filled(rule: str) -> str:
    """An address of the route, its places filled in with things that are not there."""
    return re.sub(r"<(\w+:)?\w+>", lambda x: str(uuid4()) if x[1] == "uuid:" else "7", rule)


def test_every_route_declares_who_may_come(world: World) -> None:
    declared = {x.endpoint: access_of(world.app, x.endpoint) for x in world.app.url_map.iter_rules()}
    assert len(declared) > 25
    assert [x for x, access in declared.items() if access is None] == []
    assert {x for x, access in declared.items() if not access.signed_in} == PUBLIC
    assert {
        x for x, access in declared.items() if access.signed_in and access == Access(signed_in=True)
    } == SESSION_ONLY
    assert all(isinstance(y, Action) for x in declared.values() for y in x.actions)


@pytest.mark.slow
def test_a_route_that_declares_nothing_is_refused(world: World) -> None:
    app = create_app(world.house)
    app.add_url_rule("/vergeten", "vergeten", lambda: "geheim")
    assert access_of(app, "vergeten") is None
    answer = app.test_client().get("/vergeten")
    assert answer.status_code == 500
    assert "geheim" not in answer.get_data(as_text=True)
    assert "undeclared_route" in answer.get_data(as_text=True)


def test_nobody_comes_in_unsigned(world: World) -> None:
    client = world.client()
    asked = 0
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = client.open(filled(rule.rule), method=method)
            assert answer.status_code == 302, (rule.rule, method)
            assert answer.location.startswith("/inloggen"), (rule.rule, method)
            asked += 1
    assert asked > 25


def test_a_script_without_a_session_gets_401_and_no_page(world: World) -> None:
    answer = world.client().get("/inname/lijst", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 401
    assert answer.is_json
    assert answer.json["message"] == "U bent niet meer ingelogd."


@pytest.mark.parametrize("address", ["/inname", "/leerlingen", "/zoeken?q=rapport", "/postbak", "/geweigerd"])
def test_who_configures_sees_no_content(world: World, address: str) -> None:
    answer = world.client("gijs").get(address)
    assert answer.status_code == 403
    assert "U mag dit niet doen." in answer.get_data(as_text=True)


def test_the_menu_holds_only_what_one_may_do(world: World) -> None:
    def menu(name: str) -> list[str]:
        page = world.client(name).get("/").get_data(as_text=True)
        nav = page.partition('<nav id="menu"')[2].partition("</nav>")[0]
        return [x for x in re.findall(r"</svg><span>([^<]+)</span>", nav) if x not in sharing]

    sharing = {"Deellinks", "Overdracht", "Ontvangen", "Ondertekenen", "Wijzigingen", "Verzoeken", "School uitvoeren"}
    papers = ["Leerlingen", "Zoeken", "Geweigerd"]
    more = ["Prullenbak", "Hulp"]
    assert menu("gijs") == ["Start", "Inlezen", "Rechten", "Ouderportaal", "Inrichting", "Hulp"]
    assert menu("anouk") == ["Start", "Inname", "Postbak", *papers, "Inlezen", "Accounts van ouders", *more]
    assert menu("carla") == ["Start", "Inname", "Postbak", "Zorgpostbak", *papers, "Bewaren", *more]
    assert "Tijdelijke toegang" in menu("bram"), "whom the matrix lets ask for it"


def test_what_another_school_has_looks_like_nothing(world: World) -> None:
    ours = world.house.status.recent(world.by("anouk"), "99XX")
    document = next(x.document_id for x in ours if x.document_id)
    item = next(x.item_id for x in ours if x.state.value == "desk")
    pupil = world.house.pupils.list(world.by("anouk"), "99XX").rows[0].id
    mees = world.client("mees")
    for address in (
        f"/documenten/{document}",
        f"/documenten/{document}/bladzijde/1",
        f"/documenten/{document}/miniatuur/1",
        f"/documenten/{document}/origineel",
        f"/postbak/{item}",
        f"/postbak/{item}/bladzijde/1",
        f"/leerlingen/{pupil}",
        f"/inname/{ours[0].intake_id}",
    ):
        known, absent = mees.get(address), mees.get(re.sub(r"[0-9a-f-]{36}", str(uuid4()), address))
        assert (known.status_code, absent.status_code) == (404, 404), address
        hidden = {"known": known.get_data(as_text=True), "absent": absent.get_data(as_text=True)}
        bare = {
            k: re.sub(r"[0-9a-f-]{36}|>[0-9a-f]{8}<|reference=\"[^\"]+\"|value=\"[^\"]+\"|content=\"[^\"]+\"", "", v)
            for k, v in hidden.items()
        }
        assert bare["known"] == bare["absent"], address


def test_page_images_ask_the_gate(world: World) -> None:
    research = next(x for x in world.house.status.recent(world.by("carla"), "99XX") if x.name == "onderzoek.pdf")
    kind = "documenten" if research.document_id else "postbak"
    there = research.document_id or research.item_id
    for piece in ("bladzijde", "miniatuur"):
        assert world.client("carla").get(f"/{kind}/{there}/{piece}/1").status_code == 200
        assert world.client("anouk").get(f"/{kind}/{there}/{piece}/1").status_code == 404


@pytest.mark.slow
def test_a_forged_form_changes_nothing(world: World) -> None:
    client = world.client("anouk")
    tried = {400: 0, 403: 0}  # forged; or not hers to do, whatever the form says
    for rule in world.app.url_map.iter_rules():
        if "POST" not in rule.methods:
            continue
        answer = client.post(filled(rule.rule), data={"csrf_token": "verzonnen"})
        assert answer.status_code in tried, rule.rule
        access = access_of(world.app, rule.endpoint)
        if access is not None and not access.actions and not access.duties:
            assert answer.status_code == 400, rule.rule
        tried[answer.status_code] += 1
    assert tried[400] >= 9
    assert client.get("/").status_code == 200  # signing out was refused too


def test_a_token_of_another_session_is_refused(world: World) -> None:
    other = token(world.client("carla"), "/")
    client = world.client("anouk")
    answer = client.post("/uitloggen", data={"csrf_token": other})
    assert answer.status_code == 400
    assert "Het formulier stond te lang open" in answer.get_data(as_text=True)
    assert client.post("/uitloggen", data={"csrf_token": token(client, "/")}).status_code == 303
    assert client.get("/").status_code == 302
