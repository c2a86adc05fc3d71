"""What must hold for any lists: nothing changes twice, order does not matter, nobody becomes somebody else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dms.kernel.errors import BadInput as BadList
from dms.kernel.ids import new_id
from ingest.rules.pupils.columns import Column
from ingest.rules.pupils.identifiers import number_digest
from ingest.rules.pupils.known import KnownPupil, PupilState
from ingest.rules.pupils.match import KnownPupils
from ingest.rules.pupils.plan import Outcome, Plan, make_plan
from ingest.rules.pupils.read import read_rows
from ingest.rules.pupils.table import read_table

TODAY = date(2026, 3, 10)
HEADING = tuple(x.value for x in Column if x is not Column.FULL_NAME)
Cells = dict[str, str]


@dataclass
class Memory:
    """A school without a database: carries plans out on states."""

    pupils: dict[UUID, KnownPupil] = field(default_factory=dict)
    today: date = TODAY

    def apply(self, rows: Iterable[Cells]) -> Plan:
        lines = [";".join(HEADING), *(";".join(row.get(x, "") for x in HEADING) for row in rows)]
        table = read_table("\n".join(lines).encode())
        plan = make_plan(
            read_rows(table, "99XX", self.today),
            KnownPupils(self.pupils.values()),
            lambda x: number_digest(b"k" * 32, x),
            self.today,
        )
        for one in plan.pupils:
            pupil_id = one.known.id if one.known else new_id()
            self.pupils[pupil_id] = KnownPupil(pupil_id, 1, _stored(one.after))
        return plan

    def by_number(self) -> dict[str, PupilState]:
        return {x.state.number: x.state for x in self.pupils.values()}


def _stored(state: PupilState) -> PupilState:
    """The state as it comes back from a database: everything has an id."""
    return replace(
        state,
        enrolments=tuple(replace(x, id=x.id or new_id()) for x in state.enrolments),
        stays=tuple(replace(x, id=x.id or new_id()) for x in state.stays),
        carers=tuple(replace(x, id=x.id or new_id(), carer_id=x.carer_id or new_id()) for x in state.carers),
        former_names=tuple(replace(x, id=x.id or new_id()) for x in state.former_names),
    )


def _shown(state: PupilState) -> tuple[object, ...]:
    """What a pupil is now, without history and ids."""
    return (
        replace(state, enrolments=(), stays=(), carers=(), former_names=()),
        tuple((x.site, x.since, x.until) for x in state.enrolments),
        sorted(x.group for x in state.stays if x.in_future_or_now(TODAY)),
        sorted((x.position, x.name, x.email, x.relation, x.authority) for x in state.carers if x.current(TODAY)),
    )


# wild lists: any cell may hold nearly anything
_WILD: dict[str, st.SearchStrategy[str]] = {
    "leerlingnummer": st.sampled_from(["", "1", "01", "2", "3", "4", "1.5E+5"]),
    "roepnaam": st.sampled_from(["", "Sem", "Saar", "Can", "Zoë"]),
    "voorvoegsel": st.sampled_from(["", "van der", "v.d."]),
    "achternaam": st.sampled_from(["", "Berg", "van der Berg", "Gümüş", "Gumus", "Jansen"]),
    "geboortedatum": st.sampled_from(["", "01-02-2015", "2015", "2016-03-04", "31-02-2015", "2014"]),
    "geslacht": st.sampled_from(["", "M", "V", "1"]),
    "bsn": st.sampled_from(["", "111222333", "123456782", "123456789", "101222331"]),
    "onderwijsnummer": st.sampled_from(["", "101222331", "123456782"]),
    "vestiging": st.sampled_from(["", "00", "01", "Noord"]),
    "groep": st.sampled_from(["", "groep 7", "Groep 7", "groep 8"]),
    "inschrijfdatum": st.sampled_from(["", "01-08-2020", "01-08-2025", "01-08-2026"]),
    "uitschrijfdatum": st.sampled_from(["", "31-07-2021", "31-12-2025", "31-07-2026", "geen"]),
    "email": st.sampled_from(["", "a@post.example", "geen adres"]),
    "adres_geheim": st.sampled_from(["", "ja", "nee"]),
    "verzorger1_naam": st.sampled_from(["", "Hanna Kuipers", "Ivo Hazelhoff"]),
    "verzorger1_gezag": st.sampled_from(["", "ja", "nee"]),
    "verzorger2_naam": st.sampled_from(["", "Hanna Kuipers", "Ivo Hazelhoff", "Karim el Khattabi"]),
    "verzorger2_email": st.sampled_from(["", "x@post.example"]),
}
wild_lists = st.lists(st.fixed_dictionaries(_WILD), min_size=1, max_size=6)


@pytest.mark.slow
@given(st.lists(wild_lists, max_size=3), wild_lists)
@settings(max_examples=300, deadline=None)
def test_the_same_list_twice_changes_nothing(before: list[list[Cells]], last: list[Cells]) -> None:
    memory = Memory()
    try:
        for one in (*before, last):
            first = memory.apply(one)
        again = memory.apply(last)
    except BadList:
        return
    # what went in the first time is known now; a pupil that was new may make another row of the list clear
    went_in = {x.row for x in first.rows if x.outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED)}
    assert not [x for x in again.rows if x.row in went_in and x.outcome in (Outcome.NEW, Outcome.CHANGED)]
    for row in first.rows:
        assert (row.outcome is Outcome.CHANGED) == bool(row.changes)
        assert (row.outcome in (Outcome.CONFLICT, Outcome.ERROR)) == bool(row.why)


# orderly lists: a number is always the same person, but everything else about it may change or be left out
_GROUPS = st.sampled_from(["", "groep 6", "groep 7", "groep 8"])


@st.composite
def _row_of(draw: st.DrawFn, number: int) -> Cells:
    row = {
        "leerlingnummer": draw(st.sampled_from([str(number), f"00{number}"])),
        "roepnaam": draw(st.sampled_from(["", f"Kind{number}"])),
        "geboortedatum": f"0{number}-02-2015",
        "groep": draw(_GROUPS),
        "email": draw(st.sampled_from(["", "a@post.example", "b@post.example"])),
        "geslacht": draw(st.sampled_from(["", "M", "V"])),
        "adres_geheim": draw(st.sampled_from(["", "ja", "nee"])),
        "uitschrijfdatum": draw(st.sampled_from(["", "", "31-12-2025", "31-07-2026"])),
        "inschrijfdatum": "01-08-2020",
        "bsn": draw(st.sampled_from(["", _BSNS[number]])),
    }
    row.update(draw(st.sampled_from([{}, {"voorvoegsel": "van der", "achternaam": "Berg"}, {"achternaam": "Smit"}])))
    for position in (1, 2):
        if draw(st.booleans()):
            prefix = f"verzorger{position}_"
            row[prefix + "naam"] = draw(st.sampled_from([f"Ouder {position}a", f"Ouder {position}b"]))
            row[prefix + "email"] = draw(st.sampled_from(["c@post.example", "d@post.example"]))
            row[prefix + "relatie"] = draw(st.sampled_from(["moeder", "vader"]))
            row[prefix + "gezag"] = draw(st.sampled_from(["ja", "nee"]))
    return row


_BSNS = {1: "111222333", 2: "123456782", 3: "010000008"}
orderly_lists = st.lists(
    st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3, unique=True).flatmap(
        lambda numbers: st.tuples(*(_row_of(x) for x in numbers))
    ),
    min_size=1,
    max_size=5,
)


def _last_states(lists: Iterable[Sequence[Cells]]) -> list[Cells]:
    """Each pupil's cells laid over one another: the last that says something. A surname brings its prefix."""
    states: dict[str, Cells] = {}
    for rows in lists:
        for row in rows:
            key = row["leerlingnummer"].lstrip("0")
            state = states.setdefault(key, {"leerlingnummer": row["leerlingnummer"]})
            if row.get("achternaam") and row["achternaam"] != state.get("achternaam"):
                state["voorvoegsel"] = row.get("voorvoegsel", "")
            state.update({k: v for k, v in row.items() if v and k != "leerlingnummer"})
    return list(states.values())


def _names_a_group_of_who_has_left(lists: Iterable[Sequence[Cells]]) -> bool:
    """A group named for a pupil who has left is no place in a group: it is not taken over when the pupil returns."""
    ends: dict[str, str] = {}
    for row in (x for rows in lists for x in rows):
        key = row["leerlingnummer"].lstrip("0")
        ends[key] = row.get("uitschrijfdatum") or ends.get(key, "")
        if ends[key] == "31-12-2025" and row.get("groep"):
            return True
    return False


@pytest.mark.slow
@given(orderly_lists)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_any_sequence_of_lists_leads_to_the_last_state_of_each_pupil(lists: list[Sequence[Cells]]) -> None:
    assume(not _names_a_group_of_who_has_left(lists))
    # a pupil without any name is refused until a list names it: begin with the names
    named = [
        {
            "leerlingnummer": str(x),
            "roepnaam": f"Kind{x}",
            "achternaam": "Smit",
            "geboortedatum": f"0{x}-02-2015",
            "inschrijfdatum": "01-08-2020",
        }
        for x in _BSNS
    ]
    step_by_step, at_once = Memory(), Memory()
    for rows in (named, *lists):
        plan = step_by_step.apply(rows)
        assert {x.outcome for x in plan.rows} <= {Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED}
    at_once.apply(_last_states((named, *lists)))
    one, other = step_by_step.by_number(), at_once.by_number()
    assert {x: _shown(y) for x, y in one.items()} == {x: _shown(y) for x, y in other.items()}


# people: each with a surname, a birth date and a given name that nobody else has; numbers are mixed up at will
_PEOPLE = [
    {"roepnaam": "Sem", "achternaam": "Berg", "geboortedatum": "01-02-2015"},
    {"roepnaam": "Elif", "achternaam": "Gümüş", "geboortedatum": "03-04-2014"},
    {"roepnaam": "Zofia", "achternaam": "Nowak", "geboortedatum": "05-06-2013"},
    {"roepnaam": "Suparti", "achternaam": "", "geboortedatum": "07-08-2012"},
]


@st.composite
def _mixed_up(draw: st.DrawFn) -> Cells:
    row = dict(draw(st.sampled_from(_PEOPLE)))
    row["leerlingnummer"] = draw(st.sampled_from(["1", "2", "3", "001"]))
    row["bsn"] = draw(st.sampled_from(["", *_BSNS.values(), "123456789"]))
    row["onderwijsnummer"] = draw(st.sampled_from(["", "101222331"]))
    if draw(st.booleans()):
        row["geboortedatum"] = draw(st.sampled_from(["", row["geboortedatum"][-4:]]))
    row["groep"] = draw(_GROUPS)
    return row


@given(st.lists(st.lists(_mixed_up(), min_size=1, max_size=4), min_size=1, max_size=4))
@settings(max_examples=500, deadline=None)
def test_nobody_ever_becomes_somebody_else(lists: list[list[Cells]]) -> None:
    memory = Memory()
    people: dict[UUID, str] = {}
    for rows in lists:
        memory.apply(rows)
        for pupil in memory.pupils.values():
            assert people.setdefault(pupil.id, pupil.state.given_name) == pupil.state.given_name
    states = [x.state for x in memory.pupils.values()]
    own = {str(x["roepnaam"]): x for x in _PEOPLE}
    for state in states:
        person = own[state.given_name]
        assert state.surname == person["achternaam"]
        assert not state.former_names
        assert str(state.birth)[:4] in ("", person["geboortedatum"][-4:])


@pytest.mark.slow
@given(wild_lists, st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_the_order_of_rows_does_not_decide(rows: list[Cells], random: object) -> None:
    shuffled = list(enumerate(rows, start=2))
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    try:
        straight = Memory().apply(rows)
        mixed = Memory().apply([x for _, x in shuffled])
    except BadList:
        return
    back = {at: old for at, (old, _) in enumerate(shuffled, start=2)}

    def left_out(plan: Plan, place: dict[int, int]) -> set[int]:
        return {place.get(x.row, x.row) for x in plan.rows if x.why}

    assert left_out(straight, {}) == left_out(mixed, back)


def test_a_leaving_day_still_to_come_closes_the_dossier_when_it_is_reached() -> None:
    memory = Memory()
    row = {"leerlingnummer": "1", "roepnaam": "Sem", "inschrijfdatum": "01-08-2020", "uitschrijfdatum": "31-07-2026"}
    memory.apply([row])
    assert memory.by_number()["1"].closed_on is None
    memory.today = date(2026, 7, 31)
    assert memory.apply([row]).rows[0].outcome is Outcome.UNCHANGED
    memory.today += timedelta(days=1)
    assert memory.apply([row]).rows[0].changes[0].field == "dossier"
    assert memory.by_number()["1"].closed_on == date(2026, 8, 1)
