"""Words of corrections: what a family reports as changed or wrong in the personal data of a pupil or carer."""

from dataclasses import dataclass
from enum import StrEnum

from dms.kernel.text import N_


class CorrectionState(StrEnum):
    """How far a correction is. `withdrawn`: by who reported it; `replaced`: the same person reported it anew."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Whose(StrEnum):
    """Whose data it is: the pupil's, or the reporter's own as a carer."""

    PUPIL = "pupil"
    CARER = "carer"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a family can report about. `longest` in characters; `sort` of value: text, email, phone, date.

    `at_school` is what the school calls it, where the family reads "your"; empty where both say the same.
    """

    code: str
    whose: Whose
    label: str
    longest: int
    sort: str = "text"
    hint: str = ""
    at_school: str = ""

    @property
    def school_label(self) -> str:
        """What the school calls it."""
        return self.at_school or self.label


FIELDS: dict[str, Field] = {
    x.code: x
    for x in (
        Field("pupil_given_name", Whose.PUPIL, N_("Roepnaam van de leerling"), 200),
        Field("pupil_prefix", Whose.PUPIL, N_("Tussenvoegsel van de leerling"), 40),
        Field("pupil_surname", Whose.PUPIL, N_("Achternaam van de leerling"), 200),
        Field(
            "pupil_birth_date",
            Whose.PUPIL,
            N_("Geboortedatum van de leerling"),
            10,
            "date",
            N_("Bijvoorbeeld 3-11-2015."),
        ),
        Field("pupil_email", Whose.PUPIL, N_("E-mailadres van de leerling"), 254, "email"),
        Field("carer_name", Whose.CARER, N_("Uw naam"), 200, at_school=N_("Naam van de verzorger")),
        Field(
            "carer_email", Whose.CARER, N_("Uw e-mailadres"), 254, "email", at_school=N_("E-mailadres van de verzorger")
        ),
        Field(
            "carer_phone",
            Whose.CARER,
            N_("Uw telefoonnummer"),
            40,
            "phone",
            at_school=N_("Telefoonnummer van de verzorger"),
        ),
        Field(
            "carer_street",
            Whose.CARER,
            N_("Uw straat en huisnummer"),
            120,
            at_school=N_("Straat en huisnummer van de verzorger"),
        ),
        Field(
            "carer_postcode",
            Whose.CARER,
            N_("Uw postcode"),
            10,
            "text",
            N_("Bijvoorbeeld 1234 AB."),
            at_school=N_("Postcode van de verzorger"),
        ),
        Field("carer_town", Whose.CARER, N_("Uw woonplaats"), 80, at_school=N_("Woonplaats van de verzorger")),
    )
}
"""Every field, in the order of the form."""

SECRET = frozenset({"carer_street", "carer_postcode", "carer_town", "carer_phone"})
"""Fields that no screen for outsiders shows where the address is secret: somebody may look over a shoulder."""
