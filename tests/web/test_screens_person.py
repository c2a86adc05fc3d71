"""What the screens remember of a person, and how they begin: tastes, last opened, the guide, keys, notices, faults."""

import re
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from dms.kernel.errors import OutsideDown
from dms.model.screens import Contrast, Opened, Theme
from dms.services.preferences import PreferenceView
from dms.services.recent import KEPT
from dms.web.factory import create_app
from dms.web.notices import NOTICES, Notice, register, shown, tell
from tests.web.screen_world import BRIN, World, token


def form(world: World, name: str, address: str, **fields: str) -> str:
    """Where the form at `address` leads."""
    client = world.client(name)
    answer = client.post(address, data={"csrf_token": token(client, "/"), **fields})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def test_tastes_are_kept_with_the_account_and_shape_every_page(world: World) -> None:
    tastes = {"taal": "en", "kleuren": "dark", "contrast": "more"}
    form(world, "esra", "/voorkeuren", **tastes)
    page = world.client("esra").get("/").get_data(as_text=True)
    assert '<html lang="en" data-theme="dark" data-contrast="more" data-shortcuts="off">' in page
    own = world.house.preferences.of(world.by("esra"))
    assert own == PreferenceView(shortcuts=False, theme=Theme.DARK, contrast=Contrast.MORE)
    form(world, "esra", "/voorkeuren", taal="nl", kleuren="device", contrast="device", toetsen="1")
    assert '<html lang="nl">' in world.client("esra").get("/").get_data(as_text=True)
    assert world.house.preferences.of(world.by("femke")) == PreferenceView()


@pytest.mark.parametrize("wrong", [{"kleuren": "roze"}, {"contrast": ""}, {"taal": "fy"}])
def test_a_taste_that_is_none_changes_nothing(world: World, wrong: dict[str, str]) -> None:
    client = world.client("dirk")
    good = {"taal": "nl", "kleuren": "light", "contrast": "device"}
    answer = client.post("/voorkeuren", data={"csrf_token": token(client, "/"), **good, **wrong})
    assert answer.status_code == 400
    assert world.house.preferences.of(world.by("dirk")) == PreferenceView()


def test_what_was_opened_last_is_found_back_within_the_rights_of_now(world: World) -> None:
    client, mine = world.client("carla"), world.by("carla")
    sent = next(
        x
        for x in world.house.status.recent(world.by("anouk"), BRIN)
        if x.document_id and x.pupil_id and client.get(f"/documenten/{x.document_id}").status_code == 200
    )
    assert client.get(f"/leerlingen/{sent.pupil_id}").status_code == 200
    assert client.get(f"/documenten/{sent.document_id}").status_code == 200
    assert [(x.kind, x.id) for x in world.house.recent.lines(mine, BRIN)][:2] == [
        (Opened.DOCUMENT, sent.document_id),
        (Opened.PUPIL, sent.pupil_id),
    ]
    page = client.get("/laatst").get_data(as_text=True)
    assert page.index(f"/documenten/{sent.document_id}") < page.index(f"/leerlingen/{sent.pupil_id}")
    piece = client.get("/laatst", headers={"X-Requested-With": "fetch"}).get_data(as_text=True)
    assert piece.lstrip().startswith("<ul")
    # who may not see it does not find it back, even where the id is remembered
    mees = world.by("mees")
    world.house.recent.opened(mees, "99ZZ", Opened.DOCUMENT, sent.document_id)
    world.house.recent.opened(mees, "99ZZ", Opened.PUPIL, sent.pupil_id)
    assert world.house.recent.lines(mees, "99ZZ") == ()
    # opened once more, it comes first; what is not there is left out, and no more is kept than the bound
    client.get(f"/leerlingen/{sent.pupil_id}")
    assert world.house.recent.lines(mine, BRIN)[0].id == sent.pupil_id
    for nth in range(KEPT + 5):
        world.house.recent.opened(mine, BRIN, Opened.DOCUMENT, UUID(int=nth + 1))
    with world.house.database.read() as session:
        kept = session.scalar(
            text("select count(*) from recently_opened where user_id = :user"), {"user": mine.user_id.hex}
        )
    assert kept == KEPT
    assert world.house.recent.lines(mine, BRIN) == ()


def test_the_guide_is_for_the_role_and_can_be_put_away_and_called_back(world: World) -> None:
    client = world.client("bram")
    page = client.get("/").get_data(as_text=True)
    assert "Open een dossier" in page
    assert "Houd de zorgpostbak bij" not in page
    assert form(world, "bram", "/hulp/begin", weg="ja", terug="/") == "/"
    assert "Open een dossier" not in client.get("/").get_data(as_text=True)
    again = client.get("/hulp/begin").get_data(as_text=True)
    assert "Open een dossier" in again
    assert "Toon dit weer op Start" in again
    form(world, "bram", "/hulp/begin", weg="nee")
    assert "Open een dossier" in client.get("/").get_data(as_text=True)
    assert "ziet geen dossiers" in world.client("gijs").get("/").get_data(as_text=True)


def test_keys_of_the_menu_are_listed_and_unique(world: World) -> None:
    for name in ("anouk", "carla", "gijs"):
        page = world.client(name).get("/hulp/toetsen").get_data(as_text=True)
        letters = re.findall(r'data-go="(\w)"', page)
        assert len(letters) == len(set(letters)) > 1
        listed = page.partition('<dl class="keys">')[2].partition("</dl>")[0]
        assert re.findall(r"<kbd>g</kbd> <kbd>(\w)</kbd>", listed) == letters


def test_every_page_says_where_one_is(world: World) -> None:
    client = world.client("anouk")
    assert "Kruimelpad" not in client.get("/").get_data(as_text=True)
    for address in ("/inname", "/zoeken", "/geweigerd", "/hulp", "/voorkeuren", "/laatst", "/hulp/toetsen"):
        page = client.get(address).get_data(as_text=True)
        trail = page.partition('aria-label="Kruimelpad"')[2].partition("</nav>")[0]
        assert 'href="/"' in trail, address
        assert 'aria-current="page"' in trail, address


def test_notices_travel_as_codes_and_ids_only(world: World) -> None:
    register(
        {"moved_test": Notice("%(num)d verplaatst", "%(num)d stuks verplaatst", undo=("document.page", "document_id"))}
    )
    with pytest.raises(ValueError, match="moved_test"):
        register({"moved_test": Notice("anders")})
    try:
        with world.app.test_request_context():
            tell("moved_test", undo=UUID(int=7), count=3)
            tell("filed", UUID(int=8))
            with pytest.raises(KeyError):
                tell("nergens")
            moved, filed = shown()
            assert (moved.text, moved.undo) == ("3 stuks verplaatst", f"/documenten/{UUID(int=7)}")
            assert (filed.text, filed.link) == ("Opgeborgen.", f"/documenten/{UUID(int=8)}")
            assert filed.undo == ""
    finally:
        del NOTICES["moved_test"]


def test_a_fault_has_a_number_that_stands_in_the_log(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    client = world.client("anouk")
    capsys.readouterr()
    numbers = set()
    for address in ("/nergens", "/zorgpostbak", f"/documenten/{UUID(int=9)}"):
        page = client.get(address).get_data(as_text=True)
        number = re.search(r'data-reference="([0-9a-f]{8})"', page)
        assert number is not None
        assert number[1] in capsys.readouterr().out
        numbers.add(number[1])
    assert len(numbers) == 3


def test_when_the_database_is_gone_there_is_still_a_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(world.house)
    client = world.client("anouk")
    cookie = client.get_cookie("dms")

    def gone(*_: object) -> None:
        raise OutsideDown("De database antwoordt niet.", "Probeer het straks.") from OperationalError(
            "", {}, Exception()
        )

    monkeypatch.setattr(world.house.accounts, "session", gone, raising=True)
    answer = app.test_client(use_cookies=False).get("/leerlingen", headers={"Cookie": f"dms={cookie.value}"})
    assert answer.status_code == 503
    page = answer.get_data(as_text=True)
    assert "De database antwoordt niet." in page
    assert "data-reference" in page
