"""Nothing that people or papers bring in becomes markup: names, titles, texts, search words."""

import pytest

from tests.security.guarded_world import Elements, Guarded, csrf, payload, shown

ORIGINS = (
    "file", "desk", "refused", "surname", "given", "title", "carer", "group", "school", "person", "suggested",
)  # fmt: skip
"""Where the words came from."""


def pages(world: Guarded) -> dict[str, str]:
    """Every page on which people's words stand, as the care coordinator and the administration see them."""
    document, pupil, item = world.documents["marked"], world.pupils["marked"], world.items["desk"]
    addresses = (
        "/", "/hulp", "/inname", "/inname/lijst", f"/inname/{world.intakes['marked']}", "/geweigerd", "/postbak",
        f"/postbak/{item}", "/leerlingen", "/leerlingen/kies?q=alert", f"/leerlingen/{pupil}",
        f"/documenten/{document}", "/zoeken?q=zonnebloem",
    )  # fmt: skip
    found = {}
    for name in ("anouk", "carla"):
        client = world.client(name)
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, (name, address)
            found[f"{name} {address}"] = answer.get_data(as_text=True)
    return found


@pytest.mark.slow
def test_words_of_people_and_papers_are_shown_as_words(guarded: Guarded) -> None:
    everything = pages(guarded)
    for where, page in everything.items():
        elements = Elements(page)
        assert elements.count > 0, where
        assert elements.found == [], where
    whole = "".join(everything.values())
    assert [x for x in ORIGINS if shown(x) not in whole] == []
    assert "&lt;x-leak" in whole


@pytest.mark.parametrize(
    "address",
    [
        "/zoeken?q={x}", "/zoeken?q={x}&categorie={x}&jaar={x}&bron={x}&nummer={x}&volgorde={x}&bladzijde={x}",
        "/leerlingen?q={x}&groep={x}&oud={x}&bladzijde={x}", "/leerlingen/kies?q={x}", "/inloggen?volgende={x}",
        "/{x}", "/documenten/{x}", "/?terug={x}",
    ],
)  # fmt: skip
def test_words_in_an_address_are_never_markup(guarded: Guarded, address: str) -> None:
    typed = "%22%27%3E%3Cx-leak%20onload%3Dalert(1)%3E%3Cscript%3Ealert(1)%3C%2Fscript%3Egetypt"
    for name in ("anouk", None):
        page = guarded.client(name).get(address.format(x=typed), follow_redirects=True).get_data(as_text=True)
        assert Elements(page).found == [], name


def test_words_in_a_form_that_comes_back_are_never_markup(guarded: Guarded) -> None:
    client = guarded.client("anouk")
    typed = payload("form")
    document, item = guarded.documents["marked"], guarded.items["desk"]
    for address in (f"/documenten/{document}", f"/postbak/{item}"):
        form = {"csrf_token": csrf(client, address), "versie": "1", "datum": typed, "titel": typed}
        for more in ({}, {"doe": "zoek", "leerling_zoek": typed}):
            answer = client.post(address, data={**form, "leerling": str(guarded.pupils["other"]), **more})
            page = answer.get_data(as_text=True)
            assert answer.status_code in {200, 400, 409}
            assert "getypt" in page or "form" in page
            assert Elements(page).found == []
    nobody = guarded.client()
    form = {"csrf_token": csrf(nobody), "email": typed, "wachtwoord": typed, "volgende": typed}
    page = nobody.post("/inloggen", data=form).get_data(as_text=True)
    assert Elements(page).found == []
    assert shown("form") in page
