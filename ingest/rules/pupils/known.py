"""What the administration knows of a pupil. A plan leads from one such state to the next; ids name stored rows.

Of national numbers it holds digests only.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from dms.model.documents import DossierState
from ingest.rules.pupils.dates import Birth
from ingest.rules.pupils.identifiers import number_key

_KEPT = 29
"""Characters of a number that has gone to somebody else, so that it fits with its mark."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An enrolment on days in [since, until) at the site with code `site` (empty: none)."""

    id: UUID | None
    site: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class GroupStay:
    """A place in the group of that name on days in [since, until)."""

    id: UUID | None
    group: str
    since: date
    until: date | None

    def in_future_or_now(self, today: date) -> bool:
        """Whether the stay has not ended on `today`."""
        return self.until is None or self.until > today


@dataclass(frozen=True, slots=True)
class CarerLink:
    """A carer of the pupil. `id` is that of the link, `carer_id` that of the carer."""

    id: UUID | None
    carer_id: UUID | None
    position: int
    name: str
    email: str = ""
    relation: str = ""
    authority: bool = False
    since: date | None = None
    until: date | None = None

    def current(self, today: date) -> bool:
        """Whether the link has not ended on `today`."""
        return self.until is None or self.until > today


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name that the pupil had until (not on) that day."""

    id: UUID | None
    given_name: str
    prefix: str
    surname: str
    until: date


@dataclass(frozen=True, slots=True)
class Identifier:
    """A key of a system of origin that the pupil has (`until` None), or an identifier that the pupil had.

    `kind` is `key:<source>`, or the name of the column. `shown` only for a leerlingnummer.
    """

    id: UUID | None
    kind: str
    digest: str
    shown: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PupilState:
    """Everything about one pupil that a file can change. Enrolments stand in the order of their first day.

    `number_mark` is not empty when the number has gone to another pupil since; it sets the two apart.
    """

    number: str
    given_name: str = ""
    first_names: str = ""
    initials: str = ""
    prefix: str = ""
    surname: str = ""
    birth: Birth = field(default_factory=Birth)
    gender: str = ""
    email: str = ""
    address_secret: bool = False
    bsn_digest: str | None = None
    education_digest: str | None = None
    eckid_digest: str | None = None
    tail_digest: str | None = None
    number_mark: str = ""
    identifiers: tuple[Identifier, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    stays: tuple[GroupStay, ...] = ()
    carers: tuple[CarerLink, ...] = ()
    former_names: tuple[FormerName, ...] = ()
    dossier: DossierState = DossierState.REGISTERED
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def full_name(self) -> str:
        """Given name, prefix and surname, for people."""
        return " ".join(x for x in (self.given_name, self.prefix, self.surname) if x)

    @property
    def number_key(self) -> str:
        """The number as it is compared; apart from that of the pupil who has the number now."""
        key = number_key(self.number)
        return f"{key[:_KEPT]}~{self.number_mark}" if self.number_mark else key

    def enrolled(self, today: date) -> bool:
        """Whether some enrolment has not ended on `today`; a future one counts."""
        return any(x.until is None or x.until > today for x in self.enrolments)


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """A stored pupil with the version that a plan was made on."""

    id: UUID
    row_version: int
    state: PupilState
