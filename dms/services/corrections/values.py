"""The values of the fields that are corrected: what the school has now, and what of a new one can be taken."""

import json
import re
import unicodedata
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, CorrectionRow, PupilCarerRow, PupilRow
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.corrections import FIELDS, Field, Whose
from dms.services.carers import CarerContact, contact_column
from dms.services.tools import Tools
from ingest.rules.pupils.values import parse_email

PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{5,38}")
POSTCODE = re.compile(r"(\d{4})\s*([A-Za-z]{2})")
DAY = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})|(\d{4})-(\d{2})-(\d{2})")
CONTACT = {"carer_phone": "phone", "carer_street": "street", "carer_postcode": "postcode", "carer_town": "town"}
MOST_REMARK = 500


def value_now(tools: Tools, pupil: PupilRow, carer: CarerRow | None, link: PupilCarerRow | None, field: Field) -> str:
    """What the school has in this field; empty where it has nothing."""
    if field.whose is Whose.PUPIL:
        if field.code == "pupil_birth_date":
            return f"{pupil.birth_date:%d-%m-%Y}" if pupil.birth_date else pupil.birth_date_partial
        return str(getattr(pupil, field.code.removeprefix("pupil_")))
    if carer is None or link is None:
        return ""
    if field.code in CONTACT:
        return str(getattr(contact_of(tools, pupil.id, link), CONTACT[field.code]))
    return str(getattr(carer, field.code.removeprefix("carer_")))


def contact_of(tools: Tools, pupil_id: UUID, link: PupilCarerRow) -> CarerContact:
    """Telephone and address of a carer."""
    if link.contact_sealed is None:
        return CarerContact()
    return CarerContact(**json.loads(tools.vault.unseal(pupil_id, contact_column(link.id), link.contact_sealed)))


def checked(field: Field, given: str, today: date) -> str:
    """A new value as it is kept. Raises BadInput where it cannot be what the field says."""
    text = " ".join(unicodedata.normalize("NFC", given).split())
    if any(unicodedata.category(x) in {"Cc", "Cf", "Co", "Cs"} for x in text) or len(text) > field.longest:
        raise _wrong(field, N_("Houd het bij gewone tekens, en korter dan %(most)d tekens."), most=field.longest)
    if field.sort == "email":
        found = parse_email(text)
        if found is None:
            raise _wrong(field, N_("Een e-mailadres heeft een @ en een punt."))
        return found
    if field.sort == "phone" and not PHONE.fullmatch(text):
        raise _wrong(field, N_("Een telefoonnummer heeft cijfers, en misschien een + ervoor."))
    if field.sort == "date":
        return f"{_day(field, text, today):%d-%m-%Y}"
    if field.code == "carer_postcode" and (found_code := POSTCODE.fullmatch(text)):
        return f"{found_code[1]} {found_code[2].upper()}"
    return text


def checked_words(text: str, most: int = MOST_REMARK) -> str:
    """A remark or reason. Raises BadInput for too many words."""
    words = text.replace("\r\n", "\n").strip()
    if len(words) > most:
        raise BadInput(N_("De tekst is te lang."), N_("Houd het bij %(most)d tekens."), params={"most": most})
    return words


def sealed(tools: Tools, row_id: UUID, pupil_id: UUID, values: dict[str, str]) -> bytes:
    """Old, new, remark and reason, sealed under the pupil's key."""
    return tools.vault.seal(pupil_id, _column(row_id), json.dumps(values, ensure_ascii=False).encode())


def opened(tools: Tools, row: CorrectionRow) -> dict[str, str]:
    """The values again."""
    found: dict[str, Any] = json.loads(tools.vault.unseal(row.pupil_id, _column(row.id), row.values_sealed))
    return {k: str(v) for k, v in found.items()}


def current(tools: Tools, session: Session, row: CorrectionRow, link: PupilCarerRow | None) -> str:
    """What the school has now in the field of a report."""
    carer = session.get(CarerRow, row.carer_id) if row.carer_id else None
    return value_now(tools, session.get_one(PupilRow, row.pupil_id), carer, link, FIELDS[row.field])


def _column(row_id: UUID) -> str:
    return f"correction-{row_id}"


def _day(field: Field, text: str, today: date) -> date:
    found = DAY.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day, month, year, iso_year, iso_month, iso_day = found.groups()
        value = date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        raise _wrong(field, N_("Schrijf dag, maand en jaar, bijvoorbeeld 3-11-2015.")) from None
    if not date(today.year - 30, 1, 1) <= value <= today:
        raise _wrong(field, N_("Deze dag kan niet kloppen."))
    return value


def _wrong(field: Field, advice: str, **params: object) -> BadInput:
    return BadInput(
        N_("Dit kan niet bij %(field)s."), advice, code="value_wrong", params={"field": field.label, **params}
    )
