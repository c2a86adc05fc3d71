"""What happens in the house, by name. Every event has an audit line; some have effects after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """The names of events in the log (logboek)."""

    BOARD_CREATED = "board.created"
    SCHOOL_CREATED = "school.created"
    USER_CREATED = "user.created"
    USER_DISABLED = "user.disabled"
    PASSWORD_SET = "password.set"  # noqa: S105 - a name, no secret
    ROLE_GIVEN = "role.given"
    GROUP_GIVEN = "group.given"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 - a name, no secret
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGGED_OUT = "login.ended"
    MATRIX_ADOPTED = "matrix.adopted"
    CATEGORIES_ADOPTED = "categories.adopted"
    PUPIL_CREATED = "pupil.created"
    PUPIL_CHANGED = "pupil.changed"
    PUPILS_IMPORTED = "pupils.imported"
    DOSSIER_OPENED = "dossier.opened"
    DOSSIER_CLOSED = "dossier.closed"
    DOSSIER_SEEN = "dossier.seen"
    INTAKE_RECEIVED = "intake.received"
    ITEM_PARKED = "item.parked"
    ITEM_REFUSED = "item.refused"
    ITEM_DUPLICATE = "item.duplicate"
    ITEM_DISCARDED = "item.discarded"
    ITEM_READ_AGAIN = "item.read_again"
    ITEM_SEEN = "item.seen"
    ITEM_RETRIED = "item.retried"
    DOCUMENT_FILED = "document.filed"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_REPLACED = "document.refiled"
    DOCUMENT_CONFIRMED = "document.confirmed"
    DOCUMENT_SEEN = "document.seen"
    DOCUMENT_READ_AGAIN = "document.read_again"
    DOCUMENT_READ = "document.read"
    DOCUMENT_DOWNLOADED = "document.downloaded"
    SEARCHED = "search.done"
    REINDEXED = "index.rebuilt"
    KEYS_ROTATED = "keys.rotated"


class ActorKind(StrEnum):
    """Who did it: a person at a screen, a program with a token, a command, or the service itself."""

    USER = "user"
    TOKEN = "token"  # noqa: S105 - a name, no secret
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class By:
    """The actor as the log writes it. `os_user` only for commands."""

    kind: ActorKind
    user_id: UUID | None = None
    os_user: str | None = None


SYSTEM = By(ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `details` holds ids, enums and counts only; `note` is free text and erasable."""

    kind: EventKind
    by: By
    board_id: UUID | None
    school_id: UUID | None = None
    pupil_id: UUID | None = None
    object_kind: str = ""
    object_id: UUID | None = None
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    note: str = ""
