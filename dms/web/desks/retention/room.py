"""What the pages of this room share: who may do what here, and the lines above every page."""

from flask import url_for

from dms.kernel.text import N_
from dms.web.around import school
from dms.web.guard import may
from dms.web.presenters.tabs import Tab
from dms.web.texts import say
from rights.rules.actions import Action

DISPOSING = (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL)
WORKING = (*DISPOSING, Action.HOLD)
"""Who does one of these has work in this room."""


def may_dispose() -> bool:
    """Whether the person has a part in disposal at the school of this moment."""
    return any(may(x, school()) for x in DISPOSING)


def may_freeze() -> bool:
    """Whether the person may freeze something at the school of this moment."""
    return may(Action.HOLD, school())


def tabs(here: str) -> tuple[Tab, ...]:
    """The parts of the room that are the person's; `here` is the endpoint of the page."""
    parts = (
        ("retention.page", N_("Overzicht"), may_dispose() or may_freeze()),
        ("retention_due.page", N_("Wat vervalt"), may_dispose()),
        ("retention_due.undated", N_("Zonder dag"), may_dispose()),
        ("retention_calendar.page", N_("Kalender"), may_dispose()),
        ("holds.page", N_("Bevriezingen"), may_freeze()),
        ("retention_schedule.page", N_("Bewaarschema"), True),
    )
    return tuple(Tab(say(label), url_for(endpoint), endpoint == here) for endpoint, label, shown in parts if shown)
