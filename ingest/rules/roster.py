"""The pupils of a school in memory, and which of them a text may be about.

Built once per school, asked per document. Surnames are looked up by key (folded, without prefix) and by a
deletion index for one wrong letter; only pupils that something points at are looked at closely. Whether the
evidence is enough is for `match`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from ingest.rules.clues import BirthClue, Clues, group_key, number_key
from ingest.rules.names import NameHit, NameKind, PupilNames, SurnameIndex, given_in, prepare_names, spot_names
from ingest.rules.roles import Role
from ingest.rules.text import Span, fold_name


@dataclass(frozen=True, slots=True)
class PupilFacts:
    """What recognition needs of a pupil. `bsn_match`: a number in this text is this pupil's BSN."""

    pupil_id: UUID
    number: str
    given_name: str
    first_names: str = ""
    initials: str = ""
    prefix: str = ""
    surname: str = ""
    former_surnames: tuple[str, ...] = ()
    birth_date: date | None = None
    groups: tuple[str, ...] = ()
    current: bool = True
    carers: tuple[str, ...] = ()
    bsn_match: bool = False


class EvidenceKind(StrEnum):
    """What kind of fact points at a pupil."""

    NUMBER = "number"
    BSN = "bsn"
    FULL_NAME = "full_name"
    INITIALS_NAME = "initials_name"
    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    GROUP = "group"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that points at a pupil: what, in which role, and where (None where the place is not known).

    `firm`: letter for letter and in a place that ties it to the pupil; otherwise nearly, or loose in the text.
    """

    kind: EvidenceKind
    role: Role
    firm: bool
    span: Span | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pupil with all that speaks for it."""

    pupil: PupilFacts
    evidence: tuple[Evidence, ...]


_NAME_KINDS = {
    "full": EvidenceKind.FULL_NAME,
    "initials": EvidenceKind.INITIALS_NAME,
    "surname": EvidenceKind.SURNAME,
}
_NEAR_LINES = 2
_BRACKET = 2  # " ("
_BESIDE = 30  # characters: ", geboren op "


class Roster:
    """An index over the pupils of one school; immutable, to be built anew when pupils change."""

    def __init__(self, pupils: Iterable[PupilFacts]) -> None:
        self._pupils = sorted(pupils, key=lambda pupil: pupil.pupil_id.int)
        self._names: list[PupilNames] = [
            prepare_names(
                pupil.given_name,
                pupil.first_names,
                pupil.initials,
                pupil.prefix,
                (pupil.surname, *pupil.former_surnames),
            )
            for pupil in self._pupils
        ]
        self._surnames = SurnameIndex(self._names)
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._births: dict[date, list[int]] = defaultdict(list)
        self._ids: dict[UUID, int] = {}
        for place, pupil in enumerate(self._pupils):
            self._ids[pupil.pupil_id] = place
            if key := number_key(pupil.number):
                self._numbers[key].append(place)
            if pupil.birth_date is not None:
                self._births[pupil.birth_date].append(place)
        self.pupils = tuple(self._pupils)
        self._bsn_matched = frozenset(place for place, pupil in enumerate(self._pupils) if pupil.bsn_match)

    def __len__(self) -> int:
        return len(self._pupils)

    def candidates(self, clues: Clues, bsn_pupils: Collection[UUID] = ()) -> list[Candidate]:
        """The pupils that the clues point at, in a fixed order.

        `bsn_pupils`: pupils whose BSN or onderwijsnummer stands in the text; the caller looks those up by digest.
        """
        found: dict[int, list[Evidence]] = defaultdict(list)
        for number in clues.numbers:
            if number.labelled:
                for place in self._numbers.get(number.value, ()):
                    found[place].append(Evidence(EvidenceKind.NUMBER, number.role, number.exact, number.span))
        by_bsn = self._bsn_matched | {self._ids[pupil] for pupil in bsn_pupils if pupil in self._ids}
        for place in by_bsn:
            found[place].append(Evidence(EvidenceKind.BSN, Role.PUPIL, True, None))
        hits = spot_names(clues.words, self._surnames, self._names)
        named: dict[int, list[NameHit]] = defaultdict(list)
        for hit in hits:
            named[hit.pupil].append(hit)
            found[hit.pupil].append(Evidence(_NAME_KINDS[hit.kind.value], hit.role, hit.firm, hit.span))
        for birth in clues.births:
            for place in self._births.get(birth.value, ()):
                # Without a label a date counts only beside the name that it belongs to.
                own = named.get(place, ())
                if (
                    birth.labelled
                    or _near(own, birth.span.page, birth.line)
                    or self._behind_given(place, own, birth, clues)
                ):
                    role = _role_beside(own, birth)
                    found[place].append(Evidence(EvidenceKind.BIRTH_DATE, role, birth.exact, birth.span))
        return [
            Candidate(
                self._pupils[place], tuple(_fixed_order(found[place] + self._more(place, clues, named, found[place])))
            )
            for place in sorted(found)
        ]

    def _behind_given(self, place: int, hits: Sequence[NameHit], birth: BirthClue, clues: Clues) -> bool:
        """Whether the date stands right behind the given name of a pupil that is named in full elsewhere."""
        return any(hit.kind is NameKind.FULL and hit.role is not Role.OTHER for hit in hits) and any(
            word.page == birth.span.page and 0 <= birth.span.start - word.span.end <= _BRACKET
            for word in clues.words
            if word.text == self._names[place].given or self._names[place].given.endswith(word.text)
        )

    def _more(
        self, place: int, clues: Clues, named: dict[int, list[NameHit]], found: Sequence[Evidence]
    ) -> list[Evidence]:
        """What is looked for only once something points at the pupil: group, given name, carers, a bare number."""
        pupil = self._pupils[place]
        hits = named.get(place, ())
        more: list[Evidence] = []
        kinds = {one.kind for one in found}
        if self._names[place].alone and EvidenceKind.BIRTH_DATE in kinds:
            # Who has one name only is named in full by it; without the birth date it may be anybody's.
            more.extend(
                Evidence(EvidenceKind.FULL_NAME, hit.role, False, hit.span)
                for hit in hits
                if hit.kind is NameKind.SURNAME and hit.firm
            )
            kinds |= {one.kind for one in more}
        key = number_key(pupil.number)
        for number in clues.numbers:
            if not number.labelled and number.value == key and _near(hits, number.span.page, number.line, lines=0):
                more.append(Evidence(EvidenceKind.NUMBER, number.role, number.exact, number.span))
        if EvidenceKind.FULL_NAME not in kinds and kinds & {
            EvidenceKind.NUMBER,
            EvidenceKind.BSN,
            EvidenceKind.BIRTH_DATE,
        }:
            more.extend(
                Evidence(EvidenceKind.GIVEN_NAME, word.role, firm, word.span)
                for word, firm in given_in(clues.words, self._names[place])
            )
        if EvidenceKind.FULL_NAME in kinds:
            keys = _group_keys(pupil.groups)
            for group in clues.groups:
                if group.value in keys:
                    firm = group.labelled or _near(hits, group.span.page, group.line)
                    more.append(Evidence(EvidenceKind.GROUP, Role.UNKNOWN, firm, group.span))
            if pupil.carers:
                text = " " + " ".join(word.text for word in clues.words) + " "
                if any(" " in name and f" {name} " in text for name in map(fold_name, pupil.carers)):
                    more.append(Evidence(EvidenceKind.CARER, Role.OTHER, True, None))
        return more


def _group_keys(groups: Sequence[str]) -> frozenset[str]:
    from_names = {key for group in groups if (key := group_key(group))}
    # "groep 7" in a letter may well be the school's 7a.
    return frozenset(
        from_names | {key[0] for key in from_names if len(key) == 2 and key[0].isdigit() and key[1].isalpha()}
    )


def _role_beside(hits: Sequence[NameHit], birth: BirthClue) -> Role:
    """The role of the full name that a birth date stands right behind, else the date's own."""
    for hit in hits:
        beside = hit.span.page == birth.span.page and 0 <= birth.span.start - hit.span.end <= _BESIDE
        if beside and hit.kind is NameKind.FULL:
            return hit.role
    return birth.role


def _near(hits: Sequence[NameHit], page: int, line: int, lines: int = _NEAR_LINES) -> bool:
    return any(hit.span.page == page and abs(hit.line - line) <= lines and hit.role is not Role.OTHER for hit in hits)


def _fixed_order(evidence: list[Evidence]) -> list[Evidence]:
    return sorted(
        set(evidence), key=lambda one: (list(EvidenceKind).index(one.kind), one.span or Span(0, 0, 0), one.role.value)
    )
