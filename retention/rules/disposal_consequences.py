"""What carrying out a list does, in the order in which people should look: pure counting over facts.

1. documents that lie elsewhere too, 2. what somebody is still using, 3. what is the only evidence of something, 4. what
is left of each dossier, 5. when the pupil's own data (name, BSN, carers, the pseudonym in the log) fall due themselves.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from retention.rules.due import Due, Verdict


@dataclass(frozen=True, slots=True)
class Lying:
    """One placement: of the list, or living beside it in a dossier that the list touches."""

    placement_id: UUID
    document_id: UUID
    dossier_id: UUID
    pupil_id: UUID
    category: str


@dataclass(frozen=True, slots=True)
class Shared:
    """A document of the list that lies in other dossiers too. `stays`: not all of its places are on the list, so only
    the place goes and the content stays; else the content goes with the last place.
    """

    document_id: UUID
    going: int
    others: int

    @property
    def stays(self) -> bool:
        """Whether the content stays."""
        return self.others > 0


@dataclass(frozen=True, slots=True)
class LastOfKind:
    """After the list nothing of this category is left in the dossier."""

    pupil_id: UUID
    category: str
    going: int


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of one dossier, by category; nothing left: it is empty."""

    dossier_id: UUID
    pupil_id: UUID
    going: int
    left: Mapping[str, int]

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return not self.left


@dataclass(frozen=True, slots=True)
class OwnData:
    """When a pupil's own data fall due: the first day, or None with the reason why no day is known."""

    pupil_id: UUID
    due_from: date | None
    reason: Reason


def shared(items: Sequence[Lying], elsewhere: Mapping[UUID, int]) -> tuple[Shared, ...]:
    """Documents of the list in more than one place. `elsewhere`: per document how many living places are not on it."""
    going = Counter(x.document_id for x in items)
    return tuple(
        Shared(x, count, elsewhere.get(x, 0)) for x, count in going.items() if count > 1 or elsewhere.get(x, 0)
    )


def remains(items: Sequence[Lying], beside: Iterable[Lying]) -> tuple[Remains, ...]:
    """What is left of each dossier of the list; `beside` are its living placements that are not on the list."""
    going = Counter((x.dossier_id, x.pupil_id) for x in items)
    left: dict[UUID, Counter[str]] = {}
    for one in beside:
        left.setdefault(one.dossier_id, Counter())[one.category] += 1
    return tuple(
        Remains(dossier, pupil, count, dict(sorted(left.get(dossier, Counter()).items())))
        for (dossier, pupil), count in going.items()
    )


def last_of_kind(items: Sequence[Lying], beside: Iterable[Lying]) -> tuple[LastOfKind, ...]:
    """Categories of which a dossier has nothing left."""
    kept = {(x.dossier_id, x.category) for x in beside}
    going = Counter((x.dossier_id, x.pupil_id, x.category) for x in items)
    return tuple(
        LastOfKind(pupil, category, count)
        for (dossier, pupil, category), count in going.items()
        if (dossier, category) not in kept
    )


def own_data(pupil_id: UUID, rules: Iterable[Due], left: Iterable[Due]) -> OwnData:
    """When the pupil's own data fall due: by the rules for them, and never before the last document that is left.

    `rules`: the verdicts of the schedule on the data themselves; `left`: those on the documents that stay.
    """
    days: list[date] = []
    asked = tuple(rules)
    if not asked:
        return OwnData(pupil_id, None, Reason("no_rule", _NO_RULE))
    for verdict in asked:
        if verdict.verdict is Verdict.HELD:
            return OwnData(pupil_id, None, Reason("held", _HELD))
        if verdict.due_from is None:
            return OwnData(pupil_id, None, verdict.reason)
        days.append(verdict.due_from)
    for verdict in left:
        if verdict.due_from is None or verdict.verdict is Verdict.HELD:
            return OwnData(pupil_id, None, Reason("something_stays", _SOMETHING_STAYS))
        days.append(verdict.due_from)
    day = max(days)
    return OwnData(pupil_id, day, Reason("own_data", _OWN_DATA, {"day": day.isoformat()}))


_HELD = N_("De gegevens van de leerling zijn bevroren.")
_NO_RULE = N_("Het schema zegt niet hoe lang de gegevens van een leerling zelf blijven.")
_SOMETHING_STAYS = N_("In het dossier blijft iets zonder einddatum: de gegevens van de leerling blijven ook.")
_OWN_DATA = N_("De gegevens van de leerling zelf vervallen op %(day)s.")
