"""A document whose bytes are damaged: its page says so in words, and shows what is known of it."""

import os
import re
from pathlib import Path

import pytest

from tests.web.screen_world import World, letter


@pytest.mark.slow
def test_the_page_of_a_damaged_document(world: World, tmp_path: Path) -> None:
    world.send("anouk", [("stuk.pdf", letter(world.demo, "absence report", world.pupil(11), world.today, seed=77))])
    world.work()
    sent = next(x for x in world.house.status.recent(world.by("anouk"), "99XX") if x.name == "stuk.pdf")
    assert sent.document_id is not None
    shown = world.house.documents.show(world.by("anouk"), sent.document_id)
    client, address = world.client("anouk"), f"/documenten/{sent.document_id}"
    assert client.get(address).status_code == 200
    [text] = (world.house.settings.data / "objects" / "objects").rglob(f"{sent.document_id}/1/text.DK")
    whole = text.read_bytes()
    try:
        os.truncate(text, 70)
        answer = client.get(address)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert f"Een bestand van document {sent.document_id} is beschadigd" in page
        assert shown.title in page
        assert not re.search(r"Traceback|storage\.errors", page)
    finally:
        text.write_bytes(whole)
    assert "beschadigd" not in client.get(address).get_data(as_text=True)


def test_the_button_to_read_again(world: World) -> None:
    name = "nogmaals.pdf"
    world.send("anouk", [(name, letter(world.demo, "absence report", world.pupil(12), world.today, seed=78))])
    world.work()
    sent = next(x for x in world.house.status.recent(world.by("anouk"), "99XX") if x.name == name)
    client, address = world.client("anouk"), f"/documenten/{sent.document_id}"
    page = client.get(address).get_data(as_text=True)
    assert "Lees opnieuw" in page
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    answer = client.post(
        f"{address}/opnieuw-lezen", data={"csrf_token": found.group(1)}, follow_redirects=True
    ).get_data(as_text=True)
    assert "wordt opnieuw gelezen" in answer
    world.work()
    assert world.house.documents.text(world.by("anouk"), sent.document_id)[0].strip()
