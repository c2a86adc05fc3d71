"""From the address to the document: what a visitor sees, and what is written down of it."""

from tests.portal.doors_world import Doors, path


def test_from_link_to_document(doors: Doors) -> None:
    made = doors.link("plan", "rapport")
    client = doors.browser()
    page = client.get(path(made), buffered=True)
    assert page.status_code == 200
    assert "Regenboog" not in page.text
    asked = client.post(path(made))
    assert asked.status_code == 200 and 'name="code"' in asked.text
    answer = client.post(path(made), data={"code": made.access_code})
    assert (answer.status_code, answer.location) == (303, "/portaal/gedeeld")
    shelf = client.get(answer.location)
    assert shelf.status_code == 200
    for word in ("De Regenboog", "Nadia de Vries", "overleg over de aanpak", "2 documenten"):
        assert word in shelf.text, word
    read = client.get(f"/portaal/gedeeld/{doors.documents['plan']}")
    assert read.status_code == 200 and "<img" in read.text
    image = client.get(f"/portaal/gedeeld/{doors.documents['plan']}/bladzijde/1")
    assert (image.status_code, image.mimetype) == (200, "image/jpeg")
    assert doors.events(made) == ["fetched", "challenged", "verified", "viewed"]
    assert doors.row(made).openings == 1 and doors.row(made).first_viewed_at is not None
