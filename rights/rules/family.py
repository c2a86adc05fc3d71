"""What is open to carers and to pupils themselves, by age, authority and consent. Judged anew at every request.

Both parents with authority have equal inspection until the pupil is 16. From 16 inspection passes to the pupil
(UAVG 5, AVG 8), while the modules about progress stay open to parents with authority until 18, because the school
must report progress to them (WPO 11, WEC 11, WVO 2020 2.102). From 18 only with the pupil's explicit consent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dms.kernel.text import N_
from rights.rules.matrix import CategoryPattern

AGE_OF_INSPECTION = 16
AGE_OF_MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Module:
    """A part of the dossier that a school opens to families as a whole.

    `is_open`: the school has opened it, and its day has come. `carers_until`: the pupil's age, in years, at which it
    closes to carers who have authority: 16, or 18 for what is about progress.
    """

    code: str
    name: str
    categories: tuple[CategoryPattern, ...]
    is_open: bool = True
    carers_until: int = AGE_OF_INSPECTION


def _module(code: str, name: str, categories: str, carers_until: int = AGE_OF_INSPECTION) -> Module:
    return Module(code, name, tuple(CategoryPattern(x) for x in categories.split()), False, carers_until)


DEFAULT_MODULES = (
    _module("gegevens", N_("Gegevens van leerling en ouders"), "ADM-01 ADM-03"),
    _module("verzuim", N_("Verzuim"), "ADM-02", AGE_OF_MAJORITY),
    _module("rapport", N_("Rapporten en toetsen"), "OND-03", AGE_OF_MAJORITY),
    _module("advies", N_("Doorstroomtoets en schooladvies"), "OND-04", AGE_OF_MAJORITY),
    _module("gesprekken", N_("Gesprekken en brieven"), "GES-01"),
    _module("ondersteuning", N_("Ondersteuning"), "ZRG-01 ZRG-03"),
    _module("notities", N_("Notities en handelingsplannen"), "OND-05"),
    _module("onderwijs", N_("Ander onderwijs"), "OND-01 OND-02 OND-06 OND-07 OND-08 OND-09 OND-10"),
)
"""The parts, closed until a school opens them. A category in no module is never open to families."""


def age_on(birth_date: date, today: date) -> int:
    """The age in whole years on `today`. Who was born on 29 February has her birthday on 1 March in other years."""
    had = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had else 1)


def open_to_carer(
    birth_date: date | None, today: date, modules: Iterable[Module], *, authority: bool, consent: bool
) -> tuple[CategoryPattern, ...]:
    """What a carer may follow of this pupil on `today`; empty for nothing. An unknown birth date is no age: nothing
    is opened on a guess.

    `authority`: has authority (gezag) today. `consent`: the pupil, of 18 and over, agreed explicitly; it reopens what
    was open until that day.
    """
    if birth_date is None:
        return ()
    age = age_on(birth_date, today)
    if age >= AGE_OF_MAJORITY:
        return _open(x for x in modules if consent and x.carers_until >= AGE_OF_MAJORITY)
    return _open(x for x in modules if authority and age < x.carers_until)


def open_to_pupil(birth_date: date | None, today: date, modules: Iterable[Module]) -> tuple[CategoryPattern, ...]:
    """What pupils may inspect of themselves on `today`: from 16 all that the school has opened."""
    if birth_date is None or age_on(birth_date, today) < AGE_OF_INSPECTION:
        return ()
    return _open(modules)


def _open(modules: Iterable[Module]) -> tuple[CategoryPattern, ...]:
    return tuple(dict.fromkeys(p for x in modules if x.is_open for p in x.categories))
