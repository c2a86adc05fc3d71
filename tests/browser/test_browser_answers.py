"""Pages in every state that the tests of all rooms get as an answer, forms in error too, looked at in Chromium.

With DMS_TEST_ANSWERS the folder where a run of tests left its answers; by default the answers to a few wrong forms.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from dms.portal.factory import create_app
from tests.browser.answers import Answer, keep, parts_of, read
from tests.browser.looks import FEWER, Screen, Shown
from tests.web.html_rules import faults
from tests.web.screen_world import World, token

KEPT = os.environ.get("DMS_TEST_ANSWERS", "")  # noqa: TID251 - where a run before this left its answers
PICTURES = os.environ.get("DMS_TEST_PICTURES") == "1"  # noqa: TID251 - for who wants to see them
WRONG = (
    ("gijs", "/beheer/collegas/nieuw", {"email": "geen adres", "role": "mentor"}),
    ("gijs", "/beheer/categorieen/nieuw", {"code": "", "name": ""}),
    ("anouk", "/voorkeuren", {"taal": "fr"}),
)


def answers_to_wrong_forms(world: World, folder: Path) -> list[Answer]:
    """What somebody gets who fills in a form wrongly."""
    with pytest.MonkeyPatch.context() as patch:
        keep(folder, patch)
        for name, address, form in WRONG:
            client = world.client(name)
            client.post(address, data={"csrf_token": token(client, "/"), **form})
    return [x for x in read(folder) if x.status >= 400]


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600 if KEPT else 300)
def test_what_tests_are_answered_is_in_order(
    chromium: Browser,
    filled_school: tuple[Path, World],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    world = filled_school[1]
    answers = list(read(Path(KEPT))) if KEPT else answers_to_wrong_forms(world, tmp_path / "answers")
    assert len(answers) >= len(WRONG) - 1
    clients: dict[bool, FlaskClient] = {False: world.client("gijs"), True: create_app(world.house).test_client()}
    wrong = [f"{x.endpoint} {x.address} {x.status}: {fault}" for x in answers for fault in faults(x.html)]
    looked = 0
    for portal, client in clients.items():
        screen = Screen(chromium, client, pictures=PICTURES)
        for nth, one in enumerate(x for x in answers if x.portal is portal):
            name = f"antwoord {'portaal' if portal else 'huis'} {one.endpoint} {one.status} {nth}"
            shown = Shown(name, one.address, one.html, one.policy)
            wrong += screen.judged(shown, FEWER) + screen.cramped(shown) if KEPT else screen.judged(shown, FEWER[:1])
        looked += screen.looked
        screen.close()
    record_property("pages", len(answers))
    record_property("looks", looked)
    record_property("routes", len({x.place[:2] for x in answers}))
    record_property("wrong", "\n".join(wrong[:50]))
    assert wrong == []


def test_parts_tell_states_apart() -> None:
    plain = '<main><form><input type="text"><p>een</p></form></main>'
    assert parts_of(plain) == parts_of(plain.replace("een", "twee"))
    assert parts_of(plain) < parts_of(plain.replace("<p>", '<p class="error">') + plain)
    assert parts_of(plain) != parts_of(plain.replace('"text"', '"text" aria-invalid="true"'))
