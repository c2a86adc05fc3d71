"""The first guide: what somebody with this work does first, each step with the page for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from dms.kernel.text import N_
from dms.model.people import RoleCode
from dms.web.menu import Group
from dms.web.texts import say


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a guide; `endpoint` is shown only to who has that page in the menu."""

    heading: str
    text: str
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class GuideLine:
    """A step as the page shows it."""

    heading: str
    text: str
    address: str
    link_text: str


SEND = Step(
    N_("Stuur papier"),
    N_("Sleep scans of PDF's op een willekeurige pagina. De dienst leest ze en zoekt leerling, categorie en datum."),
    "upload.page",
)
DESK = Step(
    N_("Kijk wat wacht"),
    N_("Waar de dienst twijfelt, kiest u. Het stuk staat naast het voorstel; vaak is een toets genoeg."),
    "intake_desk_list.ordinary",
)
CARE = Step(
    N_("Houd de zorgpostbak bij"),
    N_("Stukken die alleen het zorgteam mag zien, wachten daar op een keuze."),
    "intake_desk_list.care",
)
PUPILS = Step(
    N_("Open een dossier"),
    N_("Zoek op naam, groep of geboortedatum. U ziet wat bij uw rol hoort, en niets anders."),
    "pupils.page",
)
FIND = Step(
    N_("Vind iets terug"),
    N_("Zoek op woorden die in het stuk staan. Druk op / om vanaf elke pagina te zoeken."),
    "finding.page",
)
KEYS = Step(
    N_("Werk zoals u wilt"),
    N_("Licht of donker, meer contrast, met of zonder sneltoetsen: u kiest het zelf."),
    "tastes.page",
)
CONFIGURE = Step(
    N_("U richt in, maar ziet geen dossiers"),
    N_("U beheert scholen, gebruikers en categorieën. Wat in de dossiers staat, blijft voor u gesloten. Dat hoort zo."),
)
WATCH = Step(
    N_("U kijkt over de hele stichting"),
    N_("Elke blik in een dossier staat in het logboek, ook de uwe."),
)

GUIDES: dict[RoleCode, tuple[Step, ...]] = {
    RoleCode.ADMINISTRATION: (SEND, DESK, FIND, KEYS),
    RoleCode.MENTOR: (PUPILS, FIND, SEND, KEYS),
    RoleCode.CARE_COORDINATOR: (FIND, PUPILS, CARE, SEND, KEYS),
    RoleCode.HEAD: (PUPILS, FIND, DESK, KEYS),
    RoleCode.PRIVACY_OFFICER: (WATCH, PUPILS, FIND, KEYS),
    RoleCode.RECORDS_MANAGER: (WATCH, PUPILS, FIND, KEYS),
    RoleCode.APPLICATION_MANAGER: (CONFIGURE, KEYS),
}
ALWAYS = frozenset({"", "tastes.page"})


def steps(roles: Iterable[str], menu: Iterable[Group]) -> tuple[GuideLine, ...]:
    """The steps for who holds `roles`, without those for pages that are not in the menu, each once."""
    known = {x.value for x in RoleCode}
    wanted = [step for role in roles if role in known for step in GUIDES.get(RoleCode(role), ())]
    links = {link.address: link.label for group in menu for link in group.links}
    lines = []
    for step in dict.fromkeys(wanted):
        address = url_for(step.endpoint) if step.endpoint else ""
        if address in links or step.endpoint in ALWAYS:
            link_text = links.get(address, say(N_("Mijn voorkeuren"))) if address else ""
            lines.append(GuideLine(say(step.heading), say(step.text), address, link_text))
    return tuple(lines)
