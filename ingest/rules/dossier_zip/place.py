"""Whose a file of an archive is: sure enough to file, or a question for a person. Pure.

With a manifest the number and the surname or birth date must agree. Without, a folder's number counts when the name
beside it is that pupil's. A name alone, or a number alone, only suggests: nothing is guessed into a dossier.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.dossier_zip.folders import Said
from ingest.rules.names import prepare_names
from ingest.rules.roster import PupilFacts
from ingest.rules.text import fold_name

MOST_SUGGESTED = 5

ASKS: Mapping[str, Reason] = {
    x.code: x
    for x in (
        Reason("source_disagrees", N_("Het nummer en de naam bij dit bestand zijn niet van dezelfde leerling.")),
        Reason("source_birth_differs", N_("De geboortedatum bij dit bestand is een andere dan die van de leerling.")),
        Reason("source_number_unknown", N_("Het leerlingnummer bij dit bestand is op deze school niet bekend.")),
        Reason(
            "source_number_alone", N_("Bij dit bestand staat alleen een nummer. Dat is niet genoeg om zeker te zijn.")
        ),
        Reason("source_name_alone", N_("Bij dit bestand staat alleen een naam. Dat is niet genoeg om zeker te zijn.")),
        Reason("source_several", N_("Bij dit bestand staan meerdere leerlingen.")),
        Reason("source_nobody", N_("Bij dit bestand staat niet welke leerling het is.")),
        Reason("source_not_listed", N_("Dit bestand staat niet in het overzicht van het archief.")),
        Reason("source_level", N_("Volgens het overzicht is dit stuk vertrouwelijker dan deze soort stukken.")),
        Reason("source_no_category", N_("Het is niet duidelijk wat voor document het is.")),
        Reason("source_no_right", N_("Wie het archief inlas, mag stukken van deze soort niet zelf opbergen.")),
    )
}
"""Why a file out of an archive waits for a person, by code."""


@dataclass(frozen=True, slots=True)
class Found:
    """`pupil_id` is sure where `ask` is None; `suggested` are for the desk, the likeliest first."""

    pupil_id: UUID | None
    suggested: tuple[UUID, ...] = ()
    ask: Reason | None = None


class PupilBook:
    """The pupils of a school, by number and by name."""

    def __init__(self, pupils: Iterable[PupilFacts]) -> None:
        self._by_number: dict[str, PupilFacts] = {}
        self._by_surname: dict[str, list[PupilFacts]] = defaultdict(list)
        self._surnames: dict[UUID, frozenset[str]] = {}
        for one in pupils:
            self._by_number[number_key(one.number)] = one
            keys = _surname_keys(one)
            self._surnames[one.pupil_id] = keys
            for key in keys:
                self._by_surname[key].append(one)

    def by_row(self, number: str, surname: str, birth: date | None) -> Found:
        """The pupil that a line of a manifest means."""
        pupil = self._by_number.get(number_key(number)) if number_key(number) else None
        named = self._named_fully(surname, birth)
        if pupil is None:
            code = "source_number_unknown" if number.strip() else "source_name_alone" if named else "source_nobody"
            return Found(None, _ids(named), ASKS[code])
        if birth is not None and pupil.birth_date is not None and birth != pupil.birth_date:
            return Found(None, _ids([pupil, *named]), ASKS["source_birth_differs"])
        same_birth = birth is not None and pupil.birth_date == birth
        if same_birth or self._is_called(pupil, surname):
            return Found(pupil.pupil_id)
        alone = not surname.strip() and birth is None
        return Found(None, _ids([pupil, *named]), ASKS["source_number_alone" if alone else "source_disagrees"])

    def by_path(self, said: Said) -> Found:
        """The pupil that folders and file name mean."""
        numbered = [x for x in (self._by_number.get(number_key(n)) for n in said.numbers) if x is not None]
        words = tuple(word for part in said.words for word in part)
        named = self._named_in(words)
        agreeing = [x for x in numbered if self._in_words(x, words)]
        if len({x.pupil_id for x in agreeing}) == 1:
            others = [x for x in named if x.pupil_id != agreeing[0].pupil_id and _given_in(x, words)]
            if _given_in(agreeing[0], words):  # a namesake's words are the pupil's own
                others = [x for x in others if not _share(x, agreeing[0])]
            if not others:
                return Found(agreeing[0].pupil_id)
            return Found(None, _ids([*agreeing, *others]), ASKS["source_several"])
        if len(agreeing) > 1:
            return Found(None, _ids(agreeing), ASKS["source_several"])
        if numbered:
            code = "source_disagrees" if named else "source_number_alone"
            return Found(None, _ids([*numbered, *named]), ASKS[code])
        if named:
            return Found(None, _ids(named), ASKS["source_name_alone"])
        return Found(None, (), ASKS["source_nobody"])

    def _is_called(self, pupil: PupilFacts, surname: str) -> bool:
        wanted = prepare_names("", "", "", "", [surname]).surnames
        return bool(wanted) and wanted[0] in self._surnames[pupil.pupil_id]

    def _named_fully(self, surname: str, birth: date | None) -> list[PupilFacts]:
        wanted = prepare_names("", "", "", "", [surname]).surnames
        if not wanted:
            return []
        found = self._by_surname.get(wanted[0], [])
        return sorted(found, key=lambda x: (birth is None or x.birth_date != birth, not x.current, x.pupil_id.int))

    def _named_in(self, words: tuple[str, ...]) -> list[PupilFacts]:
        """Pupils whose surname and given name both stand in the words; else those whose surname does."""
        found: dict[UUID, PupilFacts] = {}
        for start in range(len(words)):
            for length in (1, 2, 3):
                for one in self._by_surname.get("".join(words[start : start + length]), ()):
                    found[one.pupil_id] = one
        full = [x for x in found.values() if _given_in(x, words)]
        return sorted(full or found.values(), key=lambda x: (not x.current, x.pupil_id.int))

    def _in_words(self, pupil: PupilFacts, words: tuple[str, ...]) -> bool:
        keys = self._surnames[pupil.pupil_id]
        return any(
            "".join(words[start : start + length]) in keys for start in range(len(words)) for length in (1, 2, 3)
        )


def number_key(number: str) -> str:
    """`001234` and `1234` are one pupil."""
    cleaned = number.strip().casefold()
    return cleaned.lstrip("0") or cleaned


def _surname_keys(pupil: PupilFacts) -> frozenset[str]:
    names = (pupil.surname, *pupil.former_surnames)
    prepared = prepare_names(pupil.given_name, pupil.first_names, pupil.initials, pupil.prefix, names)
    whole = {"".join(fold_name(f"{pupil.prefix} {x}").split()) for x in names if x.strip()}
    return frozenset((*prepared.surnames, *whole))


def _given_in(pupil: PupilFacts, words: tuple[str, ...]) -> bool:
    given = fold_name(pupil.given_name).split()
    return bool(given) and all(x in words for x in given)


def _share(one: PupilFacts, other: PupilFacts) -> bool:
    """Namesakes by surname: the words that mean one mean the other too."""
    return bool(_surname_keys(one) & _surname_keys(other))


def _ids(pupils: Iterable[PupilFacts]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(x.pupil_id for x in pupils))[:MOST_SUGGESTED]
