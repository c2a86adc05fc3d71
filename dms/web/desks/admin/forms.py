"""Forms of the administration: what is asked, what was typed, and what a colleague saved in the meantime."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from dms.kernel.text import N_
from dms.model.catalogue import FieldKind
from dms.services.chosen.fields import Choosable
from dms.web.desks.admin.room import Crumbs
from dms.web.texts import say


@dataclass(frozen=True, slots=True)
class Line:
    """One field. `kind`: text, email, number, date, area, select, radio, tick or hidden.

    `theirs` is what a colleague saved meanwhile, as people read it; `was` what stood there when the form was opened.
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    maxlength: int = 200
    error: str = ""
    was: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form. `groups` are (heading, lines); one group with an empty heading for a short form.

    `extra` is a template with more below the fields.
    """

    title: str
    crumbs: Crumbs
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    version: int = 0
    lead: str = ""
    back: str = ""
    button: str = ""
    extra: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """All fields, in order."""
        return tuple(x for _, lines in self.groups for x in lines)


def simple(title: str, crumbs: Crumbs, lines: Iterable[Line], version: int = 0, **more: str) -> Form:
    """A short form without headings."""
    return Form(title, crumbs, (("", tuple(lines)),), version, **more)


def fresh(form: Form) -> Form:
    """The form as it is opened: what stands there now is remembered beside each field."""
    return _each(form, lambda x: replace(x, was=x.value))


def filled(form: Form, typed: Mapping[str, str], errors: Mapping[str, str], *, stale: bool = False) -> Form:
    """The form with what was typed. `form` holds what stands there now.

    `stale`: somebody saved another version. A field that only the colleague changed takes the colleague's value; where
    both changed it, what was typed stays and the colleague's value is shown beside it.
    """

    def line(now: Line) -> Line:
        mine, was = typed.get(now.name, ""), typed.get(f"was_{now.name}", now.value)
        if not stale or now.value in (was, mine):
            return replace(now, value=mine, was=now.value if stale else was, error=errors.get(now.name, ""))
        if mine == was:
            return replace(now, was=now.value, theirs=shown(now, now.value), error=errors.get(now.name, ""))
        return replace(now, value=mine, was=now.value, theirs=shown(now, now.value), error=errors.get(now.name, ""))

    return _each(form, line)


def shown(line: Line, value: str) -> str:
    """A value as people read it: the label of a choice, a dash for nothing."""
    return dict(line.choices).get(value, value) or "–"


def line_of(one: Choosable, value: str, otherwise: str = "") -> Line:
    """The field of a setting; `otherwise` says what holds where nothing is chosen."""
    hint = " ".join(x for x in (say(one.help), otherwise) if x)
    label = f"{say(one.label)} ({say(one.unit)})" if one.unit else say(one.label)
    match one.kind:
        case FieldKind.NUMBER:
            return Line(one.name, label, value, "number", hint, one.required, maxlength=8)
        case FieldKind.CHOICE:
            choices = (("", "–"), *((x, say(y)) for x, y in one.choices))
            return Line(one.name, label, value, "select", hint, one.required, choices)
        case FieldKind.YES_NO:
            yes_no = (("", "–"), ("ja", say(N_("ja"))), ("nee", say(N_("nee"))))
            return Line(one.name, label, value, "select", hint, one.required, yes_no)
        case _:
            return Line(one.name, label, value, "text", hint, one.required, maxlength=one.most)


def _each(form: Form, change: Callable[[Line], Line]) -> Form:
    return replace(form, groups=tuple((heading, tuple(change(x) for x in lines)) for heading, lines in form.groups))
