"""What must hold for any sequence of EDEXML, UWLR and lists: the last state of each pupil, and nobody mixed up."""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dms.kernel.ids import new_id
from ingest.rules.pupils.file import PupilFile
from ingest.rules.pupils.identifiers import number_digest
from ingest.rules.pupils.known import KnownPupil, PupilState
from ingest.rules.pupils.match import KnownPupils
from ingest.rules.pupils.plan import Outcome, Plan, make_plan
from ingest.sources.pupil_file import read_pupil_file
from tests.lvs.files import edex, leerling

TODAY = date(2026, 3, 10)
EXAMPLES = 2_000 if os.environ.get("DMS_TEST_FULL") == "1" else 60  # noqa: TID251 - how thorough a test is
KEY = b"k" * 32
Fields = dict[str, str]


@dataclass
class Memory:
    """A school without a database: carries plans out on states."""

    pupils: dict[UUID, KnownPupil] = field(default_factory=dict)

    def read(self, text: str) -> PupilFile:
        return read_pupil_file(io.BytesIO(text.encode()), "99XX", TODAY)

    def apply(self, text: str) -> Plan:
        file = self.read(text)
        plan = make_plan(file.rows, KnownPupils(self.pupils.values()), lambda x: number_digest(KEY, x), TODAY)
        for one in plan.pupils:
            pupil_id = one.known.id if one.known else new_id()
            self.pupils[pupil_id] = KnownPupil(pupil_id, 1, _stored(one.after))
        return plan

    def shown(self) -> set[tuple[object, ...]]:
        """Every pupil as it is now, without ids and history."""
        return {_shown(x.state) for x in self.pupils.values()}


def _stored(state: PupilState) -> PupilState:
    return replace(
        state,
        enrolments=tuple(replace(x, id=x.id or new_id()) for x in state.enrolments),
        stays=tuple(replace(x, id=x.id or new_id()) for x in state.stays),
        former_names=tuple(replace(x, id=x.id or new_id()) for x in state.former_names),
        identifiers=tuple(replace(x, id=x.id or new_id()) for x in state.identifiers),
    )


def _shown(state: PupilState) -> tuple[object, ...]:
    return (
        state.number,
        state.full_name,
        str(state.birth),
        state.gender,
        state.email,
        state.bsn_digest,
        state.tail_digest,
        state.dossier,
        tuple((x.since, x.until) for x in state.enrolments),
        tuple(sorted(x.group for x in state.stays if x.in_future_or_now(TODAY))),
        tuple(sorted(x.digest for x in state.identifiers if x.until is None)),
    )


_BSNS = {"K1": "111222333", "K2": "123456782", "K3": "010000008"}
_PEOPLE = {
    "K1": {"achternaam": "Berg", "roepnaam": "Sem", "geboortedatum": "2015-02-01"},
    "K2": {"achternaam": "Gümüş", "roepnaam": "Elif", "geboortedatum": "2014-04-03"},
    "K3": {"achternaam": "Nowak", "roepnaam": "Zofia", "geboortedatum": "2013-06-05"},
}


@st.composite
def _pupil(draw: st.DrawFn, key: str) -> tuple[str, Fields, str]:
    """Key, fields and group; the person is always the same, all else may change or be left out."""
    more = {
        "emailadres": draw(st.sampled_from(["", "a@post.example", "b@post.example"])),
        "geslacht": draw(st.sampled_from(["", "0", "1", "2"])),
        "bsn": draw(st.sampled_from(["", _BSNS[key]])),
        "instroomdatum": "2019-08-01",
        "uitstroomdatum": draw(st.sampled_from(["", "", "2025-12-31", "2026-07-31"])),
        "roepnaam": draw(st.sampled_from([_PEOPLE[key]["roepnaam"], _PEOPLE[key]["roepnaam"] + "a"])),
    }
    fields = {**_PEOPLE[key], **{x: y for x, y in more.items() if y}}
    return key, fields, draw(st.sampled_from(["G7", "G8"]))


_FILES = st.lists(
    st.lists(st.sampled_from(["K1", "K2", "K3"]), min_size=1, max_size=3, unique=True).flatmap(
        lambda keys: st.tuples(*(_pupil(x) for x in keys))
    ),
    min_size=1,
    max_size=4,
)


def _text(pupils: Sequence[tuple[str, Fields, str]]) -> str:
    return edex(*(leerling(key, groups=[group], **fields) for key, fields, group in pupils))


def _last(files: Sequence[Sequence[tuple[str, Fields, str]]]) -> list[tuple[str, Fields, str]]:
    """Each pupil as the last file has it; what that leaves out stays, except a leaving day: a group takes it away."""
    states: dict[str, tuple[str, Fields, str]] = {}
    for pupils in files:
        for key, fields, group in pupils:
            before = dict(states[key][1]) if key in states else {}
            before.pop("uitstroomdatum", None)
            known_gender = before.get("geslacht")
            merged = {**before, **fields}
            if merged.get("geslacht") == "0" and known_gender:
                merged["geslacht"] = known_gender
            states[key] = (key, merged, group)
    return [states[x] for x in sorted(states)]


_LEFT_AND_CAME_BACK = [
    (("K1", {**_PEOPLE["K1"], "instroomdatum": "2019-08-01", **more}, group),)
    for more, group in (({}, "G8"), ({}, "G7"), ({"uitstroomdatum": "2025-12-31"}, "G8"), ({}, "G8"))
]


@pytest.mark.slow
@given(_FILES)
@example(_LEFT_AND_CAME_BACK)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_sequence_of_files_leads_to_the_last_state_of_each_pupil(
    files: list[Sequence[tuple[str, Fields, str]]],
) -> None:
    step_by_step, at_once = Memory(), Memory()
    for pupils in files:
        plan = step_by_step.apply(_text(pupils))
        assert {x.outcome for x in plan.rows} <= {Outcome.NEW, Outcome.CHANGED, Outcome.UNCHANGED}
        again = step_by_step.apply(_text(pupils))
        assert {x.outcome for x in again.rows} == {Outcome.UNCHANGED}
        assert again.pupils == ()
    at_once.apply(_text(_last(files)))
    ours, theirs = step_by_step.shown(), at_once.shown()
    assert {_without_groups_of_who_left(x) for x in ours} == {_without_groups_of_who_left(x) for x in theirs}


def _without_groups_of_who_left(shown: tuple[object, ...]) -> tuple[object, ...]:
    return shown if shown[7] == "open" else (*shown[:9], *shown[10:])


# people with keys, numbers and BSNs mixed up at will, in files of every format
@st.composite
def _mixed(draw: st.DrawFn) -> str:
    rows = []
    for _ in range(draw(st.integers(1, 4))):
        person = draw(st.sampled_from(list(_PEOPLE.values())))
        key = draw(st.sampled_from(["K1", "K2", "#1", "20001"]))
        bsn = draw(st.sampled_from(["", *_BSNS.values()]))
        rows.append((person, key, bsn))
    kind = draw(st.sampled_from(["edex", "uwlr", "list"]))
    if kind == "list":
        lines = ["leerlingnummer;roepnaam;achternaam;geboortedatum;bsn"]
        lines += [f"{k.strip('#K')};{p['roepnaam']};{p['achternaam']};{p['geboortedatum']};{b}" for p, k, b in rows]
        return "\n".join(lines) + "\n"
    number = "bsn_ondwnr_4" if kind == "uwlr" else "bsn"
    pupils = [leerling(k, **p, **({number: b[-4:] if kind == "uwlr" else b} if b else {})) for p, k, b in rows]
    return edex(*pupils, uwlr=kind == "uwlr")


@pytest.mark.slow
@given(st.lists(_mixed(), min_size=1, max_size=5))
@settings(max_examples=EXAMPLES * 3, deadline=None)
def test_nothing_merges_two_people(files: list[str]) -> None:
    memory = Memory()
    people: dict[UUID, tuple[str, str]] = {}
    for text in files:
        memory.apply(text)
        for pupil in memory.pupils.values():
            person = (pupil.state.surname, str(pupil.state.birth))
            assert people.setdefault(pupil.id, person) == person
            assert person in {(x["achternaam"], x["geboortedatum"]) for x in _PEOPLE.values()}
            assert pupil.state.former_names == ()
    numbers = [x.state.number_key for x in memory.pupils.values()]
    assert len(set(numbers)) == len(numbers)
    for digests in ([x.state.bsn_digest for x in memory.pupils.values() if x.state.bsn_digest],):
        assert len(set(digests)) == len(digests)
