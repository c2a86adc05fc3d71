"""What backups look like to who makes and uses them, and the errors on the way back."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from dms.kernel.errors import BadInput, Conflict, SetupWrong
from dms.kernel.text import N_
from dms.model.backups import BackupState

KEYS_SUFFIX = ".keys"
"""What the name of the file of keys ends in, beside that of the backup."""

META = b"M"
ROUND = b"B"
TABLE = b"T"
ROWS = b"R"
OBJECT = b"O"
DATA = b"D"
OBJECT_END = b"o"
CHECKPOINTS = b"C"
SUMMARY = b"Z"
KEYS = b"K"
DESTROYED = b"X"
SECRETS = b"S"
"""The letters of the frames (see `storage.backup_file`)."""

ID_SIZE = 16


@dataclass(frozen=True, slots=True)
class BackupView:
    """A backup as the list shows it. `unreadable_on`: from that day nobody can read it any more."""

    id: UUID
    state: BackupState
    made_at: datetime
    unreadable_on: date
    file: str
    keys_file: str
    key_in_file: bool
    size: int
    documents: int
    objects: int
    missing: int


@dataclass(frozen=True, slots=True)
class Head:
    """What stands open at the beginning of both files of a backup."""

    id: UUID
    made_at: datetime
    unreadable_on: date
    root: str
    """Fingerprint of the root key under which the key of the backup lies in the file of keys."""
    wrapped: bytes | None
    """That key under that root; None in the backup itself, and where it lies in key stores only."""

    def told(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "backup": str(self.id),
            "made_at": self.made_at.isoformat(),
            "unreadable_on": self.unreadable_on.isoformat(),
            "root": self.root,
            "key": self.wrapped.hex() if self.wrapped is not None else None,
        }

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Head":
        """The head that was told. Raises ValueError, KeyError, TypeError for what is none."""
        key = told["key"]
        return cls(
            UUID(told["backup"]),
            datetime.fromisoformat(told["made_at"]),
            date.fromisoformat(told["unreadable_on"]),
            str(told["root"]),
            bytes.fromhex(key) if key is not None else None,
        )

    def bound(self) -> bytes:
        """What its key is bound to under the root key: which backup it is of, and until when."""
        return b"backup\0" + self.id.bytes + self.unreadable_on.isoformat().encode()


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, after it was read to its end and found whole."""

    head: Head
    revision: str
    documents: int
    objects: int
    size: int
    missing: int
    keys: int
    ledger_lines: int
    last_round: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what stayed away because it was destroyed after the backup."""

    contents: Contents
    ledger_lines: int
    replayed: int


class BackupExpired(BadInput):
    """The day of a backup has come: its key is gone or may not be used any more."""

    code = "backup_expired"

    def __init__(self, unreadable_on: date) -> None:
        super().__init__(
            N_("Deze reservekopie is verlopen op %(day)s en is niet meer te lezen."),
            N_("Er is niets veranderd. Gebruik een nieuwere reservekopie."),
            params={"day": unreadable_on.isoformat()},
        )


class WrongKey(BadInput):
    """No key at hand opens this backup."""

    code = "backup_key"

    def __init__(self, root: str) -> None:
        super().__init__(
            N_("De sleutel van deze reservekopie is er niet: nodig is de hoofdsleutel met kenmerk %(root)s."),
            N_("Geef het herstelblad met dat kenmerk met --recovery-sheet, en het sleutelbestand met --keys."),
            params={"root": root},
        )


class NotEmpty(Conflict):
    """Something is here already: a backup is put back in an empty installation only."""

    code = "not_empty"

    def __init__(self, what: str) -> None:
        super().__init__(
            N_("Hier is al een dienst ingericht (%(what)s); een reservekopie komt alleen in een lege."),
            N_("Kies andere plaatsen in de instellingen, of haal eerst weg wat er staat. Er is niets veranderd."),
            params={"what": what},
        )


class LedgerMissing(SetupWrong):
    """The ledger of what was destroyed is not here, or is not the one that goes with the backup."""

    code = "ledger_missing"

    def __init__(self, path: Path) -> None:
        super().__init__(
            N_("Het register van vernietiging van deze dienst staat niet in %(path)s, of is korter dan het was."),
            N_(
                "Zet het register daar neer (DMS_LEDGER). Bestaat het echt niet meer, gebruik dan --without-ledger:"
                " wat na deze reservekopie is vernietigd, komt dan terug."
            ),
            params={"path": str(path)},
        )
