"""What a package says, whichever kind it is: as it is kept sealed, and as it is shown beside what is known here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from dms.model.transfer_package import PackageCarer, PackagePupil, SchoolStay

COLUMN = "received-content"
"""The sealed column of a package."""


@dataclass(frozen=True, slots=True)
class ToldInspection:
    """What the package says of somebody's inspection."""

    who: str
    seen_on: date | None
    agreed: str
    remark: str = ""
    consent: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Pupil, carers and inspections as the sender tells them."""

    pupil: PackagePupil
    carers: tuple[PackageCarer, ...] = ()
    inspections: tuple[ToldInspection, ...] = ()

    def to_bytes(self) -> bytes:
        """UTF-8 JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, default=str).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Told":
        """What `to_bytes` wrote."""
        data = json.loads(raw)
        pupil: dict[str, Any] = data["pupil"]
        stays = tuple(SchoolStay(**_days(x, "since", "until")) for x in pupil.pop("stays"))
        return cls(
            PackagePupil(**_days(pupil, "birth_date", "enrolled_since", "enrolled_until"), stays=stays),
            tuple(PackageCarer(**x) for x in data["carers"]),
            tuple(ToldInspection(**_days(x, "seen_on")) for x in data["inspections"]),
        )


def _days(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {k: date.fromisoformat(v) if k in names and v else v for k, v in data.items()}
