"""Plain Dutch for the answer to a request. It goes to people outside, so it is Dutch whatever the screens speak."""

import re
import unicodedata
from datetime import date
from pathlib import PurePath

from dms.model.people import RoleCode
from dms.model.requests import RequestKind
from retention.rules.schedule import Rule, Trigger

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
KINDS = {
    RequestKind.INSPECTION: "Inzage (AVG artikel 15)",
    RequestKind.COPY: "Kopie (AVG artikel 15)",
    RequestKind.RECTIFICATION: "Rectificatie (AVG artikel 16)",
    RequestKind.ERASURE: "Wissen (AVG artikel 17)",
    RequestKind.RESTRICTION: "Beperking (AVG artikel 18)",
    RequestKind.PORTABILITY: "Meenemen van gegevens (AVG artikel 20)",
}
GROUNDS = {
    "rechten_anderen": "Dit document gaat vooral over andere mensen (AVG artikel 15 lid 4, UAVG artikel 41).",
    "eigen_notities": "Dit zijn persoonlijke werkaantekeningen die met niemand zijn gedeeld.",
    "onderzoek": "Er loopt een onderzoek (UAVG artikel 41 lid 1 onder d).",
    "veiligheid": "De veiligheid van het kind of van anderen gaat voor (UAVG artikel 41 lid 1 onder i).",
    "anders": "",
}
ROLES = {
    RoleCode.ADMINISTRATION.value: "Administratie",
    RoleCode.MENTOR.value: "Mentor of leerkracht",
    RoleCode.CARE_COORDINATOR.value: "Intern begeleider",
    RoleCode.HEAD.value: "Directeur",
    RoleCode.PRIVACY_OFFICER.value: "Functionaris gegevensbescherming",
    RoleCode.RECORDS_MANAGER.value: "Archiefbeheerder",
    RoleCode.APPLICATION_MANAGER.value: "Applicatiebeheerder",
    RoleCode.PARENT.value: "Ouder of verzorger",
    RoleCode.PUPIL.value: "Leerling",
    RoleCode.OUTSIDER.value: "Iemand van buiten",
    "self": "De leerling zelf",
    "service": "Het systeem zelf",
    "former": "Oud-medewerker",
}
PURPOSES = {
    "Administratie": "het dossier bijhouden",
    "Mentor of leerkracht": "onderwijs geven en begeleiden",
    "Intern begeleider": "ondersteuning en zorg",
    "Directeur": "leiding geven en verantwoorden",
    "Functionaris gegevensbescherming": "toezicht op de privacy, ook dit verzoek",
    "Archiefbeheerder": "bewaren en vernietigen",
    "Applicatiebeheerder": "het systeem beheren",
    "Ouder of verzorger": "eigen inzage",
    "Leerling": "eigen inzage",
    "De leerling zelf": "eigen inzage",
    "Het systeem zelf": "lezen, sorteren en bewaken",
}
"""Why somebody of a role works in a dossier."""
KEPT_FOR = {
    "ADM": "Om de leerling in te schrijven en te doen wat de wet van de school vraagt.",
    "OND": "Om onderwijs te geven, en te volgen en door te geven hoe het gaat.",
    "GES": "Om te weten wat er is besproken en afgesproken.",
    "ZRG": "Om de hulp te geven die de leerling nodig heeft.",
    "SWV": "Om met het samenwerkingsverband te regelen welke hulp er komt.",
    "VEI": "Om de school veilig te houden, en te kunnen laten zien wat er is gedaan.",
    "AVG": "Om te kunnen laten zien dat de school zorgvuldig met gegevens omgaat.",
    "BEW": "Om te kunnen laten zien wat er is vernietigd of overgedragen.",
}
"""What a kind of document is for, by the first letters of its code."""
NO_LAW = "AVG-norm"
"""How the schedule marks a term that stands in no law: as long as it is needed (AVG 5(1)(e))."""
ACTS = {
    "seen": "bekeken",
    "opened": "geopend",
    "printed": "afgedrukt",
    "downloaded": "gedownload",
    "changed": "gewijzigd of opgeborgen",
    "shared": "gedeeld",
}
_AFTER = {
    Trigger.ENROLMENT_END: "na het einde van de inschrijving",
    Trigger.SCHOOL_YEAR_END: "na het schooljaar",
    Trigger.DOCUMENT_DATE: "na de datum van het document",
    Trigger.DECISION_DATE: "na het besluit",
    Trigger.RESULT_DATE: "na de uitslag",
    Trigger.SETTLEMENT: "na de afhandeling",
    Trigger.SUPPORT_END: "na het einde van de ondersteuning",
}
_LONGEST = 60


def day(value: date | None) -> str:
    """`3 september 2026`; empty for none."""
    return "" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def gender(code: str) -> str:
    """`M` and `V` as people say it; anything else as it is written."""
    return {"m": "man", "v": "vrouw"}.get(code.casefold(), code)


def period(since: date | None, until: date | None) -> str:
    """From when to when."""
    if since is None and until is None:
        return "onbekend"
    if until is None:
        return f"vanaf {day(since)}"
    return f"tot {day(until)}" if since is None else f"van {day(since)} tot {day(until)}"


def role(word: str) -> str:
    """A role as people say it; staff are never named."""
    return ROLES.get(word, "Medewerker")


def purpose(who: str) -> str:
    """Why somebody of this role (in words) works in a dossier."""
    return PURPOSES.get(who, "het werk van deze functie")


def kept_for(category: str, basis: str) -> str:
    """Why a document is kept, for who is no lawyer: what for, and on what ground."""
    what = KEPT_FOR.get(category.partition("-")[0], "Om onderwijs te geven en de leerling te begeleiden.")
    if basis in ("", "-"):
        return what
    if basis.startswith(NO_LAW):
        return f"{what} De wet noemt geen termijn: niet langer dan nodig (AVG artikel 5)."
    laws = [x for x in basis.split(", ") if not x.startswith(NO_LAW)]
    return f"{what} De wet hierover: {', '.join(laws)}."


def rule_words(rule: Rule | None) -> str:
    """How long something is kept, where the day is not known yet."""
    term = None if rule is None else rule.maximum or rule.minimum
    if rule is None or term is None:
        return "zolang de leerling op school zit; daarna volgens het bewaarschema van de school"
    years, months = divmod(term.months, 12)
    parts = [
        f"{years} jaar" if years else "",
        f"{months} maanden" if months else "",
        f"{term.days} dagen" if term.days else "",
    ]
    return f"tot {' en '.join(x for x in parts if x)} {_AFTER.get(rule.trigger, 'nadat de zaak is afgesloten')}"


def file_name(title: str) -> str:
    """A title as the name of a file that every system can have."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:_LONGEST] or "document"


def ending(name: str) -> str:
    """The ending of a file's name, where it is a plain one."""
    suffix = PurePath(name).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""
