"""Plain data of signing, for colleagues and for families."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dms.model.signing import Answer, Method, SigningState
from dms.services.shapes import PageView


@dataclass(frozen=True, slots=True)
class Signer:
    """One person who is asked. `id` is that of the answer's row. `carer_id` None: the pupil. `account`: can answer in
    the portal; `mailed`: gets mail about it. `lapsed`: is not entitled any more.
    """

    id: UUID
    carer_id: UUID | None
    name: str
    relation: str
    account: bool
    mailed: bool
    answer: Answer | None
    method: Method | None
    remark: str
    answered_at: datetime | None
    day: date | None
    recorded_by: str
    proof_document_id: UUID | None
    opened_at: datetime | None
    lapsed: bool


@dataclass(frozen=True, slots=True)
class SigningLine:
    """A request in the care coordinator's overview. `answered` of `asked` people; `missing`: names of who did not."""

    id: UUID
    document_id: UUID
    title: str
    pupil_id: UUID
    pupil: str
    group: str
    version: int
    asked_at: datetime
    ends_on: date
    state: SigningState
    asked: int
    answered: int
    disagreed: int
    late: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SigningView:
    """One request with everybody's answer. `sha256` of the version's file; `statement_id` the statement in the dossier,
    once it is there. `newest`: the version that counts now.
    """

    line: SigningLine
    sha256: str
    asked_by: str
    signers: tuple[Signer, ...]
    reminded_at: datetime | None
    closed_at: datetime | None
    statement_id: UUID | None
    newest: int
    may_act: bool
    in_portal: bool


@dataclass(frozen=True, slots=True)
class AskPage:
    """What a colleague sees before putting a plan before people: who will be asked, and what stands in the way."""

    document_id: UUID
    title: str
    pupil_id: UUID
    pupil: str
    version: int
    people: tuple[tuple[str, str], ...]
    in_portal: bool
    open_request: UUID | None
    confirmed: bool
    least: date
    most: date
    proposed: date


@dataclass(frozen=True, slots=True)
class ToSign:
    """A plan that waits for an answer, or got one, as the person who is asked sees it."""

    id: UUID
    document_id: UUID
    pupil_id: UUID
    title: str
    pupil: str
    school: str
    ends_on: date
    state: SigningState
    answer: Answer | None
    answered_at: datetime | None
    remark: str
    on_paper: bool
    pages: tuple[PageView, ...] = ()
    version: int = 1
    by_code: bool = False
    """Has an app for codes: may confirm with a code in the place of the password."""

    @property
    def waits(self) -> bool:
        """Whether the person can still answer."""
        return self.state is SigningState.OPEN and self.answer is None
