"""What checking an installation finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `dms check` found. All zero is well."""

    objects_missing: int = 0
    objects_orphan: int = 0
    keys_missing: int = 0
    index_missing: int = 0
    index_extra: int = 0
    fixity_bad: int = 0
    audit_bad: int = 0
    repaired: Mapping[str, int] = field(default_factory=dict)
    details: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not any(
            (
                self.objects_missing,
                self.objects_orphan,
                self.keys_missing,
                self.index_missing,
                self.index_extra,
                self.fixity_bad,
                self.audit_bad,
            )
        )
