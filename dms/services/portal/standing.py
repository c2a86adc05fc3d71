"""What a person of the portal is to which pupils, today. Within somebody's transaction."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import CarerRow, PupilCarerRow, PupilConsentRow, PupilRow
from dms.kernel.text import N_
from dms.model.portal import Standing
from rights.rules.family import AGE_OF_INSPECTION, AGE_OF_MAJORITY, age_on
from rights.rules.matrix import covers

WHY: dict[Standing, str] = {
    Standing.PARENT: "",
    Standing.PUPIL: "",
    Standing.PROGRESS: N_(
        "Uw kind is 16 jaar of ouder. U ziet nog hoe het op school gaat."
        " De rest van het dossier is nu van uw kind zelf."
    ),
    Standing.CONSENT: N_("Uw kind is 18 jaar of ouder en vindt het goed dat u ziet hoe het op school gaat."),
    Standing.OVERAGE: N_(
        "Uw kind is 18 jaar of ouder. U ziet het dossier niet meer. Uw kind kan de school laten weten dat u weer mag"
        " meekijken."
    ),
    Standing.NO_AUTHORITY: N_(
        "Bij de school staat dat u geen gezag hebt over dit kind. Daarom ziet u het dossier niet. U kunt de school wel"
        " vragen hoe het met uw kind gaat: belangrijke informatie mag de school u geven (Burgerlijk Wetboek 1:377c)."
    ),
    Standing.TOO_YOUNG: N_("Vanaf de dag dat je 16 wordt, zie je hier je eigen dossier."),
    Standing.NO_BIRTH_DATE: N_("De school weet de geboortedatum niet precies. Vraag de school om die aan te vullen."),
}
"""What the person reads of it; empty where nothing needs to be said."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One pupil and what the person is to her. `link` is empty for the pupil's own account."""

    pupil: PupilRow
    standing: Standing
    link: PupilCarerRow | None


def relations(session: Session, user_id: UUID, today: date) -> tuple[Relation, ...]:
    """The pupils of whom the person is a carer today, and herself; youngest first."""
    found = [
        Relation(pupil, _own(pupil, today), None)
        for pupil in session.scalars(select(PupilRow).where(PupilRow.user_id == user_id))
    ]
    consents = select(PupilConsentRow.pupil_id, PupilConsentRow.carer_id).where(
        PupilConsentRow.carer_id.in_(select(CarerRow.id).where(CarerRow.user_id == user_id)),
        PupilConsentRow.since <= today,
        or_(PupilConsentRow.until.is_(None), PupilConsentRow.until > today),
    )
    agreed = {(x, y) for x, y in session.execute(consents)}
    rows = session.execute(
        select(PupilRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.pupil_id == PupilRow.id)
        .join(CarerRow, CarerRow.id == PupilCarerRow.carer_id)
        .where(CarerRow.user_id == user_id, CarerRow.deceased.is_(False))
    )
    seen = {x.pupil.id for x in found}
    for pupil, link in rows:
        if covers(link.since, link.until, today) and pupil.id not in seen:
            seen.add(pupil.id)
            consent = (pupil.id, link.carer_id) in agreed
            found.append(Relation(pupil, _of_carer(pupil, link, today, consent=consent), link))
    return tuple(sorted(found, key=lambda x: (x.pupil.birth_date or date.min, x.pupil.given_name), reverse=True))


def _own(pupil: PupilRow, today: date) -> Standing:
    if pupil.birth_date is None:
        return Standing.NO_BIRTH_DATE
    return Standing.PUPIL if age_on(pupil.birth_date, today) >= AGE_OF_INSPECTION else Standing.TOO_YOUNG


def _of_carer(pupil: PupilRow, link: PupilCarerRow, today: date, *, consent: bool) -> Standing:
    """The order of the rules in `rights.rules.family`: what they open and what is said about it agree."""
    if pupil.birth_date is None:
        return Standing.NO_BIRTH_DATE
    age = age_on(pupil.birth_date, today)
    if age >= AGE_OF_MAJORITY:
        return Standing.CONSENT if consent else Standing.OVERAGE
    if not (link.authority and covers(link.authority_since, link.authority_until, today)):
        return Standing.NO_AUTHORITY
    return Standing.PROGRESS if age >= AGE_OF_INSPECTION else Standing.PARENT
