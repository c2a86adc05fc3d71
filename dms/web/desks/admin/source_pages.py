"""What the pages of scanner folders and mailboxes share: how a source does, as people read it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dms.kernel.text import N_
from dms.services.administration.source_shapes import SourceView
from dms.services.chosen.fields import Choosable
from dms.web.desks.admin.forms import Line, line_of
from dms.web.texts import moment, number, reason, say


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source in a list: `state` is its word and tone, `facts` its figures, `trouble` what stands in its way."""

    view: SourceView
    state: tuple[str, str]
    facts: tuple[tuple[str, str], ...]
    trouble: str
    advice: str


def state_of(view: SourceView, where: tuple[str, str]) -> SourceState:
    """How a source does. `where` is the label and text of its place."""
    run = view.run
    if not view.open:
        state = (say(N_("uit")), "")
    elif not view.has_secret:
        state = (say(N_("wacht op een wachtwoord")), "attention")
    elif run.trouble is not None:
        state = (say(N_("storing")), "bad")
    elif run.run_at is None:
        state = (say(N_("nog niet gekeken")), "attention")
    else:
        state = (say(N_("werkt")), "good")
    never = say(N_("nog nooit"))
    since = say(N_("Sinds %(when)s."), {"when": moment(run.trouble_since)}) if run.trouble_since else ""
    return SourceState(
        view,
        state,
        (
            where,
            (say(N_("Laatst gekeken")), moment(run.run_at) if run.run_at else never),
            (say(N_("Laatst iets binnengekomen")), moment(run.taken_at) if run.taken_at else never),
            (say(N_("Binnengekomen")), number(run.taken)),
            (say(N_("Geweigerd")), number(run.failed)),
        ),
        f"{reason(run.trouble)} {since}".strip() if run.trouble and view.open else "",
        say(run.advice) if run.advice and view.open else "",
    )


def lines(fields: tuple[Choosable, ...], values: Mapping[str, str]) -> list[Line]:
    """The fields of a form; a choice shows what ships instead of an empty line."""
    found = []
    for one in fields:
        line = line_of(one, values.get(one.name, one.default))
        found.append(replace(line, choices=tuple(x for x in line.choices if x[0])) if one.choices else line)
    return found
