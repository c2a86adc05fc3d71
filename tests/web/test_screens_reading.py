"""What screens show of reading: how sure it was of a page, reading again at the desk, and a page that is damaged."""

import os
import re

import pytest

from dms.model.documents import Desk, ItemState
from tests.web.screen_world import BRIN, World, letter, scanned, token


@pytest.mark.slow
def test_how_sure_the_text_of_a_page_is(world: World) -> None:
    paper = letter(world.demo, "absence report", world.pupil(14), world.today, seed=81)
    world.send("anouk", [("uit de computer.pdf", paper), ("gescand.pdf", scanned(paper))])
    world.work()
    client = world.client("anouk")
    pages = {}
    for item in world.house.status.recent(world.by("anouk"), BRIN):
        if item.name in ("uit de computer.pdf", "gescand.pdf"):
            place = f"/documenten/{item.document_id}" if item.document_id else f"/postbak/{item.item_id}"
            pages[item.name] = client.get(place).get_data(as_text=True)
    share = re.search(r"tekst gelezen met (\d+) % zekerheid", pages["gescand.pdf"])
    assert share is not None
    assert 80 <= int(share.group(1)) <= 100
    assert "zekerheid</span></figcaption>" not in pages["uit de computer.pdf"]


def test_read_again_at_the_desk(world: World) -> None:
    client = world.client("anouk")
    item = world.house.desk.waiting(world.by("anouk"), BRIN, Desk.ORDINARY)[0]
    address = f"/postbak/{item.item_id}"
    page = client.get(address).get_data(as_text=True)
    action = f'action="{address}/opnieuw-lezen"'
    assert action in page
    version = re.search(r'name="versie" value="(\d+)"', page.partition(action)[2])
    assert version is not None
    fields = {"csrf_token": token(client, address), "versie": version.group(1)}
    answer = client.post(f"{address}/opnieuw-lezen", data=fields, follow_redirects=True)
    assert "Het bestand wordt opnieuw gelezen." in answer.get_data(as_text=True)
    assert client.post(f"{address}/opnieuw-lezen", data=fields).status_code == 404  # it waits there no more
    world.work()
    again = next(x for x in world.house.desk.waiting(world.by("anouk"), BRIN, Desk.ORDINARY))
    assert again.item_id == item.item_id
    assert again.state is ItemState.DESK
    assert client.post(f"{address}/opnieuw-lezen", data=fields).status_code == 409


def test_a_damaged_page_is_shown_as_one(world: World) -> None:
    name = "bladzijde.pdf"
    world.send("anouk", [(name, letter(world.demo, "absence report", world.pupil(15), world.today, seed=82))])
    world.work()
    sent = next(x for x in world.house.status.recent(world.by("anouk"), BRIN) if x.name == name)
    client = world.client("anouk")
    address = f"/documenten/{sent.document_id}/bladzijde/1"
    whole = client.get(address)
    assert (whole.status_code, whole.mimetype) == (200, "image/jpeg")
    objects = world.house.settings.data / "objects" / "objects"
    [stored] = objects.rglob(f"{sent.document_id}/1/page-00001.DK")
    kept = stored.read_bytes()
    try:
        for cut in (70, len(kept) - 1, None):  # its beginning, its last byte, all of it
            if cut is None:
                stored.unlink()
            else:
                os.truncate(stored, cut)
            answer = client.get(address)
            assert answer.status_code >= 500
            assert answer.mimetype == "image/svg+xml"
            assert "Deze bladzijde is beschadigd." in answer.get_data(as_text=True)
            assert "no-store" in answer.headers["Cache-Control"]
    finally:
        stored.write_bytes(kept)
    assert client.get(address).data == whole.data
