"""The pages of two papers side by side, and of what came out of a mail."""

import re

import pytest

from dms.demo.letters.catalogue import FILEABLE_KINDS, make_letter
from dms.model.documents import ItemState
from dms.web.factory import create_app
from tests.formats import making
from tests.formats.test_formats_duplicates import DAY
from tests.houses import PASSWORD, House


@pytest.fixture
def signed_in(house: House):
    """Anouk at the screens."""
    app = create_app(house.app)
    client = app.test_client()
    form = client.get("/inloggen").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    sent = client.post(
        "/inloggen",
        data={"email": "anouk@deregenboog.example", "wachtwoord": PASSWORD, "csrf_token": token[1]},
        base_url="http://localhost",
    )
    assert sent.status_code == 303
    return client


@pytest.mark.slow
def test_the_two_are_shown_and_a_person_decides(house: House, signed_in) -> None:
    school = house.schools()[0]
    kind = next(x for x in FILEABLE_KINDS if x.name == "test results")
    data = make_letter(school, kind, kind.pupils(school)[0], DAY, 1, kind.looks[0]).data
    anouk = house.by("anouk")
    house.send([("een.pdf", data)], anouk)
    mail = making.mail(files=[("brief.pdf", "application/pdf", making.letter()), ("leeg.txt", "text/plain", b"")])
    post = house.send([("post.eml", mail)], anouk)
    again = house.send([("twee.pdf", data.replace(b"%%EOF", b"%%EOF\n% nog een keer"))], anouk)
    house.work()
    [item] = house.items(again)
    assert item.state is ItemState.DESK
    address = f"/postbak/{item.item_id}/lijkt-op"
    assert f'href="{address}?document=' in signed_in.get(f"/postbak/{item.item_id}").get_data(as_text=True)
    page = signed_in.get(address).get_data(as_text=True)
    assert "Is dit hetzelfde stuk?" in page
    assert page.count("<img ") >= 2
    assert "Nieuwe versie van het document" in page
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page))
    done = signed_in.post(address, data={**fields, "doe": "weg"}, base_url="http://localhost")
    assert done.status_code == 303
    assert house.item_row(item.item_id).state is ItemState.DISCARDED
    whole = house.items(post)[0]
    parts = signed_in.get(f"/inname/stuk/{whole.item_id}/onderdelen").get_data(as_text=True)
    assert "brief.pdf" in parts
    assert "Het bestand is leeg (0 bytes)." in parts
    assert signed_in.get(f"/inname/stuk/{item.item_id}/onderdelen").status_code == 404
