"""Invents families and pupils, always the same from the same random source. Knows nothing of schools."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.nl import bsn as stdnum_bsn
from stdnum.nl import onderwijsnummer as stdnum_onderwijsnummer

from dms.demo import names
from dms.demo.facts import Address, Carer
from dms.demo.names import Background
from dms.kernel.schoolyear import SchoolYear

BSN_FIRST = 999_900_000  # a range in which no number is given out
EDUCATION_FIRST = 109_990_000
WINDOW_DAYS = 304  # 1 October to 31 July: everyone is old enough on the first school day


@dataclass(frozen=True, slots=True)
class Family:
    """Children at one address with the same carers; `name` is (prefix, surname)."""

    background: Background
    name: tuple[str, str]
    address: Address
    carers: tuple[Carer, ...]


def ascii_only(text: str) -> str:
    """Lower-case letters and digits for an e-mail address: `Gümüş` becomes `gumus`."""
    mapped = text.lower().translate(str.maketrans("łıøß", "lios"))
    plain = unicodedata.normalize("NFD", mapped)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def initials_of(given_names: str) -> str:
    """`Samuel Johannes` becomes `S.J.`; a hyphenated name counts once."""
    return "".join(f"{name[0].upper()}." for name in given_names.split())


def birth_window(year: SchoolYear, year_group: int) -> date:
    """First day of the birth window of primary year group 1 to 8: such a pupil turned `year_group + 3` by 1 October."""
    return date(year.start - year_group - 4, 10, 1)


def birth_date(year: SchoolYear, year_group: int, day: int) -> date:
    """The `day`-th day (0 to 303) of the window; for secondary school call with year group 8 + n."""
    return birth_window(year, year_group) + timedelta(days=min(day, WINDOW_DAYS - 1))


def valid_bsns(rng: random.Random) -> Iterator[str]:
    """Test numbers that pass the 11-check, in a range that is not given out; never the same twice."""
    return _numbers(BSN_FIRST + rng.randrange(20_000), stdnum_bsn.is_valid)


def valid_education_numbers(rng: random.Random) -> Iterator[str]:
    """Test onderwijsnummers (start 10, sum 5 modulo 11); never the same twice."""
    return _numbers(EDUCATION_FIRST + rng.randrange(2_000), stdnum_onderwijsnummer.is_valid)


def _numbers(first: int, is_valid: object) -> Iterator[str]:
    assert callable(is_valid)
    number = first
    while True:
        number += 1
        if is_valid(str(number)):
            yield str(number)


def new_address(rng: random.Random) -> Address:
    """A street, house number and postcode in a town that does not exist."""
    letters = "".join(rng.choice("ABDEGHJKLMNPRTVWXZ") for _ in range(2))
    return Address(
        f"{rng.choice(names.STREETS)} {rng.randint(1, 180)}{rng.choice(['', '', '', 'a', 'b'])}",
        f"{rng.choice(names.POSTCODE_DIGITS)} {letters}",
        names.TOWN,
    )


def new_background(rng: random.Random) -> Background:
    """One of the pools, by weight."""
    return rng.choices(names.BACKGROUNDS, weights=[pool.weight for pool in names.BACKGROUNDS])[0]


def background_of(call_name: str, surname: str) -> Background:
    """The pool that knows this surname, else this call name, else the Dutch one."""
    by_surname = (pool for pool in names.BACKGROUNDS if any(known == surname for _, known in pool.surnames))
    by_call_name = (pool for pool in names.BACKGROUNDS if call_name in (*pool.boys, *pool.girls))
    return next(by_surname, None) or next(by_call_name, names.DUTCH)


def new_carers(rng: random.Random, pool: Background, name: tuple[str, str]) -> tuple[Carer, ...]:
    """One or two carers; most with authority, some fathers and step-parents without."""
    family_name = f"{name[0]} {name[1]}".strip()
    maiden = " ".join(part for part in rng.choice(pool.surnames) if part)
    mother = _carer(rng, f"{rng.choice(pool.women)} {maiden}", "moeder")
    father = _carer(rng, f"{rng.choice(pool.men)} {family_name}", "vader")
    throw = rng.random()
    if throw < 0.10:
        return (mother,)
    if throw < 0.16:
        return mother, Carer(father.name, father.email, "vader", authority=False)
    if throw < 0.20:
        other = _carer(rng, f"{rng.choice(names.DUTCH.men)} {' '.join(rng.choice(names.DUTCH.surnames)).strip()}", "")
        return mother, Carer(other.name, other.email, "stiefvader", authority=False)
    if throw < 0.22:
        return (Carer(mother.name, mother.email, "voogd"),)
    return (mother, father) if rng.random() < 0.7 else (father, mother)


def _carer(rng: random.Random, name: str, relation: str) -> Carer:
    first, _, rest = name.partition(" ")
    local = f"{ascii_only(first)}.{ascii_only(rest)}" if rng.random() < 0.6 else ascii_only(first[:1] + rest)
    return Carer(name, f"{local}@{rng.choice(names.MAIL_DOMAINS)}", relation)


def new_family(rng: random.Random) -> Family:
    """A family out of one pool."""
    pool = new_background(rng)
    name = rng.choice(pool.surnames)
    return Family(pool, name, new_address(rng), new_carers(rng, pool, name))


def new_child(rng: random.Random, pool: Background) -> tuple[str, str, str]:
    """Sex (M or V), call name and given names of a child."""
    boy = rng.random() < 0.5
    call_name = rng.choice(pool.boys if boy else pool.girls)
    given = call_name
    if pool is names.DUTCH and rng.random() < 0.6:
        given = f"{call_name} {rng.choice(names.SECOND_NAMES_BOYS if boy else names.SECOND_NAMES_GIRLS)}"
    return ("M" if boy else "V"), call_name, given
