"""One house for all tests of the screens; tests make their own papers in it."""

from collections.abc import Iterator

import pytest

from dms.demo.hostile import hostile_files
from tests.web.screen_world import World, letter, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A school with papers: some filed, some at the desks, some refused."""
    made = make_world(tmp_path_factory.mktemp("house"))
    pupil = made.pupil()
    made.send("anouk", [("verzuim.pdf", letter(made.demo, "absence report", pupil, made.today))])
    made.send("anouk", [("rapport.pdf", letter(made.demo, "report card", made.pupil(1), made.today))])
    made.send("carla", [("onderzoek.pdf", letter(made.demo, "dyslexia research", pupil, made.today))])
    for nth, kind in enumerate(("newsletter", "letter about two", "group plan")):
        made.send("anouk", [(f"post {nth}.pdf", letter(made.demo, kind, pupil, made.today))])
    for one in hostile_files():
        made.send("anouk", [(one.name, one.data)])
    made.work()
    yield made
    made.house.close()
