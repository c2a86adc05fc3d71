"""Who may see a document: also who opens it with a scoped link at this moment, and nobody else who once did."""

from dms.services.links.shapes import Order
from dms.web.factory import create_app
from tests.houses import House
from tests.rights.room_papers import file, number_in
from tests.rights.test_rights_numbers import browser

RECIPIENT = "Logopedie Praatplaats"


def test_who_may_see_it_names_the_links_that_open_it_now(house: House) -> None:
    number, app = number_in(house, "groep 7"), house.app
    shared, other = file(house, number, "OND-03"), file(house, number, "OND-03")
    anouk, carla = house.by("anouk"), house.by("carla")
    order = Order(RECIPIENT, "logopedie", house.pupil_id(number), documents=(shared,))
    made = app.links.create(anouk, order)
    web = create_app(app)

    def told(name: str, document: object) -> bool:
        return RECIPIENT in browser(web, name).get(f"/documenten/{document}/wie").get_data(as_text=True)

    assert told("anouk", shared)
    assert told("esra", shared)
    assert not told("anouk", other)
    (mark,) = app.link_lists.through(anouk, shared)
    assert mark.recipient == RECIPIENT
    shield = app.rights_desk.shields.over_document(
        carla, shared, [carla.user_id], "rust rond dit stuk", app.clock.today().replace(day=1, month=1, year=2028)
    )
    assert app.link_lists.through(carla, shared) == ()  # the maker may share it no more
    app.rights_desk.shields.lift(carla, shield, "de rust is er weer")
    assert told("anouk", shared)
    app.links.revoke(anouk, made.link_id)
    assert not told("anouk", shared)
