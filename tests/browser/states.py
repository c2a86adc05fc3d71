"""Schools as pages have to show them: with papers, with nothing yet, and with names as long as names get."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select, update

from dms.db.tables import CategoryVersionRow, DocumentRow, GroupRow, PupilRow, SchoolRow, UserRow
from dms.demo.hostile import hostile_files
from tests.web.screen_world import World, letter, make_world, scanned, token

LONG_NAME = ("Anna-Sophia Wilhelmina Maria", "van den", "Berg-Öztürk tot Oldenzaal-Achterveldsestraat")
LONG_TITLE = "Ontwikkelingsperspectiefplan_en_onderwijskundig_rapport_" + "vervolg " * 12
LONG_GROUP = "Schakelklas nieuwkomers onder- en middenbouw, locatie Zuid (tijdelijk)"
LONG_SCHOOL = "Openbare Daltonbasisschool Prinses Wilhelmina-Amalia van Oranje-Nassau, hoofdvestiging"
LONG_CATEGORY = "Ontwikkelingsperspectief, handelingsdeel en arbeidsmarktgerichteuitstroombeschrijving"
LONG_PERSON = "Maximiliana-Josephine van Heereveld tot Westerschouwen-Duivelandsestraat"


def filled(folder: Path) -> World:
    """Papers in dossiers, at both desks and refused; a pupil and a document with long names; a draft of the matrix."""
    world = make_world(folder)
    pupil = world.pupil()
    world.send("anouk", [("verzuim.pdf", letter(world.demo, "absence report", pupil, world.today))])
    world.send("anouk", [("Scan_0007.pdf", scanned(letter(world.demo, "report card", world.pupil(1), world.today)))])
    for nth, kind in enumerate(("newsletter", "letter about two", "group plan", "call name only")):
        world.send("anouk", [(f"post {nth}.pdf", letter(world.demo, kind, world.pupil(2), world.today))])
    world.send("carla", [("zorg.pdf", letter(world.demo, "unknown child", pupil, world.today))])
    for one in list(hostile_files())[:3]:
        world.send("anouk", [(one.name, one.data)])
    world.work()
    with world.house.database.begin() as uow:
        document = uow.session.scalars(select(DocumentRow).order_by(DocumentRow.created_at)).first()
        pupil_row = uow.session.scalars(select(PupilRow).where(PupilRow.number == world.pupil(1).number)).one()
        assert document is not None
        document.title = LONG_TITLE
        pupil_row.given_name, pupil_row.prefix, pupil_row.surname = LONG_NAME
    gijs = world.client("gijs")
    gijs.post("/rechten/concept", data={"csrf_token": token(gijs, "/")})  # a draft has pages of its own
    return world


def empty(folder: Path) -> World:
    """A school on its first day: colleagues, and neither a pupil nor a paper."""
    return make_world(folder, pupils=False)


def long(folder: Path) -> World:
    """The filled school, with every name as long as names get."""
    world = filled(folder)
    given, prefix, surname = LONG_NAME
    with world.house.database.begin() as uow:
        for change in (
            update(PupilRow).values(given_name=given, prefix=prefix, surname=surname),
            update(DocumentRow).values(title=LONG_TITLE),
            update(GroupRow).values(name=LONG_GROUP[:50] + func.substr(GroupRow.name, 1, 12)),  # each its own
            update(SchoolRow).values(name=LONG_SCHOOL),
            update(CategoryVersionRow).values(name=LONG_CATEGORY),
            update(UserRow).values(name=LONG_PERSON),
        ):
            uow.session.execute(change)
    return world


STATES: dict[str, Callable[[Path], World]] = {"filled": filled, "empty": empty, "long": long}
