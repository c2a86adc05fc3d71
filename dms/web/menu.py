"""The menu: a table of pages, each with who sees it. A new desk adds its line here."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from flask import g, request, url_for

from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.model.duties import ADMINISTRATION, Duty
from dms.services.requests.access import PREPARERS
from dms.web.around import desk_counts, disposal_waits, imports_waiting, keeping_waits, school
from dms.web.guard import by, may, may_manage, user
from dms.web.house import house
from dms.web.texts import say
from rights.rules.actions import Action


class Part(StrEnum):
    """The parts of the menu, in their order; the value is the heading, empty for none."""

    WORK = ""
    MANAGE = N_("Beheer")
    MORE = N_("Meer")


def everybody() -> bool:
    """For who has a session."""
    return True


def acting(action: Action) -> Callable[[], bool]:
    """For who may do `action` with some category at the school of this moment."""
    return lambda: may(action, school())


def waiting(desk: Desk) -> Callable[[], int | None]:
    """How much waits at a desk; None for who does not work there."""
    return lambda: desk_counts().get(desk)


def managing(duty: Duty) -> Callable[[], bool]:
    """For who has the duty at the school of this moment."""
    return lambda: may_manage(duty, school())


def requests_waiting() -> int | None:
    """How many requests of data subjects wait; None for who does not deal with them. Asked once a request."""
    if "requests_waiting" not in g:
        deals = any(x.role in PREPARERS for x in user().roles)  # the service asks where; most people need no question
        g.requests_waiting = house().requests.registry.waiting(by(), school().brin) if deals else None
    found: int | None = g.requests_waiting
    return found


def opened_with_a_reason() -> int | None:
    """How many looks with a reason wait for the privacy officer."""
    return house().rights_desk.opening.waiting(by(), school().brin)


def plans_wait() -> int:
    """How many plans wait for answers of families, for who puts them before people."""
    if "plans_wait" not in g:
        g.plans_wait = house().signing.overview.open_count(by(), school().brin)
    found: int = g.plans_wait
    return found


def corrections_wait() -> int:
    """How many reports of families wait for a decision of the person."""
    if "corrections_wait" not in g:
        g.corrections_wait = house().corrections.queue.open_count(by(), school().brin)
    found: int = g.corrections_wait
    return found


def decides_corrections() -> bool:
    """For who keeps the accounts of families and may change data; and for others who can decide on what waits."""
    return may(Action.EDIT, school()) and (may_manage(Duty.PORTAL, school()) or corrections_wait() > 0)


def links_looked_at() -> int:
    """How many links of the person were looked at for the first time since she looked herself."""
    if "links_looked_at" not in g:
        g.links_looked_at = house().link_lists.unseen(by())
    found: int = g.links_looked_at
    return found


def files_here() -> bool:
    """For who works at the ordinary desk of the school of this moment."""
    return desk_counts().get(Desk.ORDINARY) is not None


def packages_waiting() -> int:
    """How many packages of other schools wait for a review."""
    if "packages_waiting" not in g:
        g.packages_waiting = house().received.review.waiting(by(), school())
    found: int = g.packages_waiting
    return found


KEEPING = (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL, Action.HOLD)
"""Who does one of these works in the retention room."""
KEEPING_ROOMS = (
    "retention",
    "retention_due",
    "retention_calendar",
    "holds",
    "retention_schedule",
    "retention_draft",
    "retention_what_if",
)


def breaches_waiting() -> int:
    """How many data breaches are open, for who keeps the register."""
    return house().portal.breaches.waiting(by(), school().brin)


def retention_waiting() -> int:
    """How many holds and drafts of the schedule wait for the person."""
    reviews, adopt = keeping_waits()
    return reviews + adopt


def asks_for_access() -> bool:
    """For whom the matrix offers temporary access, and for who has some."""
    if "asks_for_access" not in g:
        opening = house().rights_desk.opening
        g.asks_for_access = bool(opening.conditions(by(), school().brin)) or bool(opening.mine(by()))
    found: bool = g.asks_for_access
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the menu.

    `go` is the letter that opens it after `g`. `count` gives what waits there. `rooms` are the blueprints whose pages
    count as being here, when they are more than the endpoint's own; empty for a page that is here only as itself.
    """

    endpoint: str
    label: str
    icon: str
    shown: Callable[[], bool]
    part: Part = Part.WORK
    go: str = ""
    count: Callable[[], int | None] | None = None
    rooms: tuple[str, ...] | None = None


ENTRIES: tuple[Entry, ...] = (
    Entry("home.page", N_("Start"), "home", everybody, go="s", rooms=()),
    Entry("upload.page", N_("Inname"), "inbox-in", acting(Action.ADD), go="i", rooms=("upload", "parts")),
    Entry(
        "intake_desk_list.ordinary",
        N_("Postbak"),
        "tray",
        lambda: Desk.ORDINARY in desk_counts(),
        go="p",
        count=waiting(Desk.ORDINARY),
        rooms=(),
    ),
    Entry(
        "intake_desk_list.care",
        N_("Zorgpostbak"),
        "care",
        lambda: Desk.CARE in desk_counts(),
        go="z",
        count=waiting(Desk.CARE),
        rooms=(),
    ),
    Entry(
        "pupils.page",
        N_("Leerlingen"),
        "people",
        acting(Action.SEE),
        go="l",
        rooms=("pupils", "document", "carers", "numbers", "placing", "sheets"),
    ),
    Entry("finding.page", N_("Zoeken"), "search", acting(Action.SEE), go="k"),
    Entry(
        "link_lists.page",
        N_("Deellinks"),
        "link",
        acting(Action.SHARE),
        count=links_looked_at,
        rooms=("links", "link_lists"),
        go="d",
    ),
    Entry(
        "transfers.page",
        N_("Overdracht"),
        "arrow-right",
        acting(Action.SHARE),
        go="e",
        rooms=("transfers", "transfers_acts"),
    ),
    Entry(
        "received.page",
        N_("Ontvangen"),
        "inbox-in",
        files_here,
        count=packages_waiting,
        rooms=("received", "received_acts"),
    ),
    Entry("signing.page", N_("Ondertekenen"), "edit", acting(Action.SHARE), count=plans_wait, go="x"),
    Entry("corrections.page", N_("Wijzigingen"), "person", decides_corrections, count=corrections_wait, go="j"),
    Entry("refused.page", N_("Geweigerd"), "stop", acting(Action.ADD), go="w"),
    Entry(
        "imports.page",
        N_("Inlezen"),
        "plus",
        lambda: may_manage(Duty.PUPIL_FILES, school()),
        count=imports_waiting,
        rooms=("imports", "pupil_files", "archives", "watch"),
        go="n",
    ),
    Entry(
        "rights_matrix.page",
        N_("Rechten"),
        "lock",
        managing(Duty.RIGHTS_SEEN),
        Part.MANAGE,
        go="m",
        rooms=("rights_matrix", "rights_draft", "rights_people", "families", "role_gifts"),
    ),
    Entry(
        "subject_requests.page",
        N_("Verzoeken"),
        "people",
        lambda: requests_waiting() is not None,
        Part.MANAGE,
        go="q",
        count=requests_waiting,
        rooms=("subject_requests", "redaction"),
    ),
    Entry(
        "access_log.page",
        N_("Opvallende inzage"),
        "alert",
        managing(Duty.PRIVACY),
        Part.MANAGE,
        go="o",
        count=opened_with_a_reason,
        rooms=("access_log", "shields"),
    ),
    Entry(
        "portal_plan.page",
        N_("Ouderportaal"),
        "people",
        managing(Duty.RIGHTS_SEEN),
        Part.MANAGE,
        go="u",
    ),
    Entry("portal_people.page", N_("Accounts van ouders"), "person", managing(Duty.PORTAL), Part.MANAGE, go="f"),
    Entry(
        "portal_breaches.page",
        N_("Datalekken"),
        "alert",
        managing(Duty.PRIVACY),
        Part.MANAGE,
        go="c",
        count=breaches_waiting,
    ),
    Entry(
        "retention.page",
        N_("Bewaren"),
        "clock",
        lambda: any(may(x, school()) for x in KEEPING),
        Part.MANAGE,
        go="a",
        count=retention_waiting,
        rooms=KEEPING_ROOMS,
    ),
    Entry(
        "disposal.page",
        N_("Vernietiging"),
        "stop",
        lambda: any(may(x, school()) for x in (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL)),
        Part.MANAGE,
        go="v",
        count=disposal_waits,
        rooms=("disposal", "disposal_acts", "own_data", "certificates"),
    ),
    Entry("exit_orders.page", N_("School uitvoeren"), "exit", managing(Duty.EXIT), Part.MANAGE),
    Entry("opening.page", N_("Tijdelijke toegang"), "clock", asks_for_access, Part.MORE, go="t"),
    Entry("bin.page", N_("Prullenbak"), "trash", acting(Action.REMOVE), Part.MORE, go="b"),
    Entry(
        "admin.home",
        N_("Inrichting"),
        "settings",
        lambda: any(may_manage(x) for x in ADMINISTRATION),
        Part.MANAGE,
        go="r",
    ),
    Entry("home.help_page", N_("Hulp"), "help", everybody, Part.MORE, go="h", rooms=()),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the menu. `count` None where nothing is counted."""

    address: str
    label: str
    icon: str
    here: bool
    go: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one part; `heading` is empty for the first."""

    heading: str
    links: tuple[Link, ...]


def groups() -> tuple[Group, ...]:
    """The menu of the person who asks, without empty parts."""
    shown = [x for x in ENTRIES if x.shown()]
    made = ((part, tuple(_link(x) for x in shown if x.part is part)) for part in Part)
    return tuple(Group(say(part.value), links) for part, links in made if links)


def trail(menu: tuple[Group, ...]) -> tuple[tuple[str, str], ...]:
    """The breadcrumbs of a page that says none itself: the start, and the desk where one is. None at the start."""
    links = [x for group in menu for x in group.links]
    here = next((x for x in links[1:] if x.here), None)
    if not links or request.endpoint == ENTRIES[0].endpoint:
        return ()
    start = (links[0].label, links[0].address)
    if here is None:
        return (start,)
    own_page = request.path == here.address
    return (start, (here.label, "" if own_page else here.address))


def _link(entry: Entry) -> Link:
    return Link(
        url_for(entry.endpoint),
        say(entry.label),
        entry.icon,
        _is_here(entry),
        entry.go,
        entry.count() if entry.count else None,
    )


def _is_here(entry: Entry) -> bool:
    """The desk's own pages count as being at the desk; the intake desks say themselves which of them it is."""
    at = request.endpoint
    if at is None:
        return False
    if at == entry.endpoint:
        return True
    if entry.endpoint.startswith("intake_desk_list."):
        if at.startswith("self_filed."):
            return entry.endpoint == "intake_desk_list.ordinary"
        return bool(g.get("desk_here") == entry.endpoint)
    rooms = (entry.endpoint.partition(".")[0],) if entry.rooms is None else entry.rooms
    return at.partition(".")[0] in rooms
