"""What happens in the house, by name. Every event has an audit line; some have effects after the commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class EventKind(StrEnum):
    """The names of events in the log (logboek)."""

    BOARD_CREATED = "board.created"
    BOARD_CHANGED = "board.changed"
    SCHOOL_CREATED = "school.created"
    SCHOOL_CHANGED = "school.changed"
    SCHOOL_CLOSED = "school.closed"
    SCHOOL_REOPENED = "school.reopened"
    SITE_CREATED = "site.created"
    SITE_CHANGED = "site.changed"
    SITE_CLOSED = "site.closed"
    SITE_REOPENED = "site.reopened"
    GROUP_CREATED = "group.created"
    GROUP_CHANGED = "group.changed"
    GROUP_CLOSED = "group.closed"
    GROUP_REOPENED = "group.reopened"
    GROUP_MERGED = "group.merged"
    USER_CREATED = "user.created"
    USER_CHANGED = "user.changed"
    USER_DISABLED = "user.disabled"
    USER_ENABLED = "user.enabled"
    CARER_LINKED = "carer.linked"
    PUPIL_LINKED = "pupil.linked"
    PASSWORD_SET = "password.set"  # noqa: S105 - a name, no secret
    PASSWORD_LINK_MADE = "password.link_made"  # noqa: S105 - a name, no secret
    SESSIONS_ENDED = "sessions.ended"
    ROLE_GIVEN = "role.given"
    ROLE_ENDED = "role.ended"
    ROLE_ASKED = "role.asked"
    ROLE_REFUSED = "role.refused"
    GROUP_GIVEN = "group.given"
    GROUP_ENDED = "group.ended"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 - a name, no secret
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a name, no secret
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGGED_OUT = "login.ended"
    LOGIN_HALFWAY = "login.halfway"
    LOGIN_VERIFIED = "login.verified"
    FACTOR_FAILED = "factor.failed"
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    FACTOR_RESET = "factor.reset"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    SIGN_ON_ALLOWED = "sign_on.allowed"
    SIGN_ON_LINKED = "sign_on.linked"
    SIGN_ON_ENDED = "sign_on.ended"
    MATRIX_ADOPTED = "matrix.adopted"
    MATRIX_DRAFTED = "matrix.drafted"
    MATRIX_PROPOSED = "matrix.proposed"
    MATRIX_REFUSED = "matrix.refused"
    MATRIX_DROPPED = "matrix.dropped"
    MATRIX_TRIED = "matrix.tried"
    ROLE_MADE = "role.made"
    SHIELD_PLACED = "shield.placed"
    SHIELD_CHANGED = "shield.changed"
    SHIELD_LIFTED = "shield.lifted"
    ACCESS_OPENED = "access.opened"
    ACCESS_ENDED = "access.ended"
    ACCESS_REVIEWED = "access.reviewed"
    ACCESS_LOG_SEEN = "access_log.seen"
    RIGHTS_LOOKED_AS = "rights.looked_as"
    PUPIL_GIVEN = "pupil.given"
    PUPIL_TAKEN = "pupil.taken"
    FAMILY_CHANGED = "family.changed"
    CONSENT_RECORDED = "consent.recorded"
    CONSENT_WITHDRAWN = "consent.withdrawn"
    CATEGORIES_ADOPTED = "categories.adopted"
    CATEGORY_CREATED = "category.created"
    CATEGORY_CHANGED = "category.changed"
    SOURCE_CHANGED = "source.changed"
    SCAN_FOLDER_CHANGED = "scan_folder.changed"
    MAILBOX_CHANGED = "mailbox.changed"
    SENDER_RULE_CHANGED = "sender_rule.changed"
    SETTINGS_CHANGED = "settings.changed"
    RETENTION_DRAFTED = "retention.drafted"
    RETENTION_DROPPED = "retention.dropped"
    RETENTION_ADOPTED = "retention.adopted"
    RETENTION_COUNTED = "retention.counted"
    RETENTION_SWEPT = "retention.swept"
    HOLD_PLACED = "hold.placed"
    HOLD_CHANGED = "hold.changed"
    HOLD_RELEASED = "hold.released"
    DISPOSAL_PROPOSED = "disposal.proposed"
    DISPOSAL_COMPOSED = "disposal.composed"
    DISPOSAL_SUBMITTED = "disposal.submitted"
    DISPOSAL_REVIEWED = "disposal.reviewed"
    DISPOSAL_RETURNED = "disposal.returned"
    DISPOSAL_APPROVED = "disposal.approved"
    DISPOSAL_ABORTED = "disposal.aborted"
    DISPOSAL_SENT = "disposal.sent"
    DISPOSAL_RECEIVED = "disposal.received"
    DISPOSAL_STARTED = "disposal.started"
    DESTRUCTION_HIDDEN = "destruction.hidden"
    DESTRUCTION_KEPT = "destruction.kept"
    DESTRUCTION_FAILED = "destruction.failed"
    DESTRUCTION_RETRIED = "destruction.retried"
    DESTRUCTION_VERIFIED = "destruction.verified"
    DESTRUCTION_FOLLOWED = "destruction.followed"
    DOCUMENT_DESTROYED = "document.destroyed"
    PUPIL_DESTROYED = "pupil.destroyed"
    CERTIFICATE_MADE = "certificate.made"
    TOMBSTONE_LIFTED = "tombstone.lifted"
    DESTRUCTION_BEGUN = "destruction.begun"
    PUPIL_CREATED = "pupil.created"
    PUPIL_CHANGED = "pupil.changed"
    PUPILS_IMPORTED = "pupils.imported"
    PUPIL_FILE_RECEIVED = "pupil_file.received"
    PUPIL_FILE_JUDGED = "pupil_file.judged"
    PUPIL_FILE_CHOSEN = "pupil_file.chosen"
    PUPIL_FILE_REFUSED = "pupil_file.refused"
    PUPIL_FILE_DISCARDED = "pupil_file.discarded"
    PUPIL_MAPPING_SAVED = "pupil_mapping.saved"
    PUPIL_MAPPING_FORGOTTEN = "pupil_mapping.forgotten"
    PUPIL_RULES_CHANGED = "pupil_rules.changed"
    NATIONAL_NUMBERS_SEEN = "national_numbers.seen"
    CARER_SAVED = "carer.saved"
    CARER_ENDED = "carer.ended"
    CARER_CONTACT_SEEN = "carer.contact_seen"
    ARCHIVE_RECEIVED = "archive.received"
    ARCHIVE_REFUSED = "archive.refused"
    ARCHIVE_APPLIED = "archive.applied"
    ARCHIVE_DONE = "archive.done"
    ARCHIVE_DISCARDED = "archive.discarded"
    WATCHED_TAKEN = "watched.taken"
    WATCH_CHANGED = "watch.changed"
    DOSSIER_OPENED = "dossier.opened"
    DOSSIER_CLOSED = "dossier.closed"
    DOSSIER_SEEN = "dossier.seen"
    INTAKE_RECEIVED = "intake.received"
    MAIL_TAKEN = "mail.taken"
    MAIL_REFUSED = "mail.refused"
    MAIL_ANSWERED = "mail.answered"
    LETTER_SENT = "letter.sent"
    LETTER_NOT_SENT = "letter.not_sent"
    LETTER_TEXT_CHANGED = "letter_text.changed"
    RELEASE_ASKED = "release.asked"
    RELEASE_DECIDED = "release.decided"
    ITEM_PARKED = "item.parked"
    ITEM_REFUSED = "item.refused"
    ITEM_DUPLICATE = "item.duplicate"
    ITEM_TAKEN_BACK = "item.taken_back"
    ITEM_ASSIGNED = "item.assigned"
    ITEM_DISCARDED = "item.discarded"
    ITEM_UNPACKED = "item.unpacked"
    ITEM_READ_AGAIN = "item.read_again"
    ITEM_SEEN = "item.seen"
    ITEM_RETRIED = "item.retried"
    SHEETS_MADE = "sheets.made"
    SHEETS_FORGOTTEN = "sheets.forgotten"
    STACK_SPLIT = "stack.split"
    STACK_DRAFTED = "stack.drafted"
    STACK_ARRANGED = "stack.arranged"
    DOCUMENT_FILED = "document.filed"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_REPLACED = "document.refiled"
    DOCUMENT_CONFIRMED = "document.confirmed"
    DOCUMENT_SEEN = "document.seen"
    LOOKALIKE_SEEN = "lookalike.seen"
    LOOKALIKE_DECIDED = "lookalike.decided"
    DOCUMENT_ARCHIVED = "document.archived"
    ARCHIVE_ASKED = "archive_rendition.asked"
    DOCUMENT_READ_AGAIN = "document.read_again"
    DOCUMENT_READ = "document.read"
    DOCUMENT_DOWNLOADED = "document.downloaded"
    DOCUMENT_PRINTED = "document.printed"
    DOCUMENT_PLACED = "document.placed"
    DOCUMENT_REMOVED = "document.removed"
    DOCUMENT_RESTORED = "document.restored"
    DOCUMENT_UNDONE = "document.undone"
    VERSION_RECEIVED = "version.received"
    VERSION_ADDED = "version.added"
    VERSION_REFUSED = "version.refused"
    RECOGNITION_LEARNED = "recognition.learned"
    RECOGNITION_ROLLED_BACK = "recognition.rolled_back"
    RECOGNITION_FORGOT = "recognition.forgot"
    SEARCHED = "search.done"
    REINDEXED = "index.rebuilt"
    KEYS_ROTATED = "keys.rotated"
    BACKUP_STARTED = "backup.started"
    BACKUP_MADE = "backup.made"
    BACKUP_FAILED = "backup.failed"
    BACKUP_EXPIRED = "backup.expired"
    BACKUP_RESTORED = "backup.restored"
    LEDGER_REPLAYED = "ledger.replayed"
    EXIT_ORDERED = "exit.ordered"
    EXIT_WITHDRAWN = "exit.withdrawn"
    EXIT_MADE = "exit.made"
    EXIT_IMPORTED = "exit.imported"
    RECEIVED_PACKAGE_IN = "received_package.in"
    RECEIVED_PACKAGE_REFUSED = "received_package.refused"
    RECEIVED_PACKAGE_SEEN = "received_package.seen"
    RECEIVED_PACKAGE_CHANGED = "received_package.changed"
    RECEIVED_PACKAGE_ACCEPTED = "received_package.accepted"
    RECEIVED_PACKAGE_REJECTED = "received_package.rejected"


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
class Change:
    """A field of the configuration before and after, as people read it. Kept beside the log, erasable like a note."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `details` holds ids, enums and counts only; `note` is free text and erasable.

    `changes` is for acts of administration: names and settings of the configuration, never of pupils.
    """

    kind: EventKind
    by: By
    board_id: UUID | None
    school_id: UUID | None = None
    pupil_id: UUID | None = None
    object_kind: str = ""
    object_id: UUID | None = None
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    note: str = ""
    changes: tuple[Change, ...] = ()
