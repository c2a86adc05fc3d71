"""Words of the administration: roles, subjects, acts and values, as its pages show them."""

from collections.abc import Iterable, Mapping
from datetime import date

from dms.kernel.text import N_
from dms.model.catalogue import FieldKind
from dms.model.events import Change, EventKind
from dms.model.people import RoleCode
from dms.web.texts import day, say

ROLE_NAMES: Mapping[str, str] = {
    RoleCode.ADMINISTRATION.value: N_("Administratie"),
    RoleCode.MENTOR.value: N_("Mentor of leerkracht"),
    RoleCode.CARE_COORDINATOR.value: N_("Intern begeleider"),
    RoleCode.HEAD.value: N_("Directeur"),
    RoleCode.PRIVACY_OFFICER.value: N_("Functionaris gegevensbescherming"),
    RoleCode.RECORDS_MANAGER.value: N_("Archiefbeheerder"),
    RoleCode.APPLICATION_MANAGER.value: N_("Applicatiebeheerder"),
}
FIELD_KINDS: Mapping[str, str] = {
    FieldKind.TEXT.value: N_("Tekst"),
    FieldKind.DATE.value: N_("Datum"),
    FieldKind.NUMBER.value: N_("Getal"),
    FieldKind.CHOICE.value: N_("Keuze uit een lijst"),
    FieldKind.YES_NO.value: N_("Ja of nee"),
}
SUBJECTS: Mapping[str, str] = {
    "school": N_("Scholen en vestigingen"),
    "group": N_("Groepen"),
    "user": N_("Collega's en toegang"),
    "category": N_("Categorieën"),
    "source": N_("Bronnen"),
    "settings": N_("Instellingen"),
}
ACTS: Mapping[str, str] = {
    EventKind.BOARD_CREATED.value: N_("Bestuur toegevoegd"),
    EventKind.BOARD_CHANGED.value: N_("Bestuur gewijzigd"),
    EventKind.SCHOOL_CREATED.value: N_("School toegevoegd"),
    EventKind.SCHOOL_CHANGED.value: N_("School gewijzigd"),
    EventKind.SCHOOL_CLOSED.value: N_("School gesloten"),
    EventKind.SCHOOL_REOPENED.value: N_("School weer geopend"),
    EventKind.SITE_CREATED.value: N_("Vestiging toegevoegd"),
    EventKind.SITE_CHANGED.value: N_("Vestiging gewijzigd"),
    EventKind.SITE_CLOSED.value: N_("Vestiging gesloten"),
    EventKind.SITE_REOPENED.value: N_("Vestiging weer geopend"),
    EventKind.GROUP_CREATED.value: N_("Groep toegevoegd"),
    EventKind.GROUP_CHANGED.value: N_("Groep gewijzigd"),
    EventKind.GROUP_CLOSED.value: N_("Groep gesloten"),
    EventKind.GROUP_REOPENED.value: N_("Groep weer geopend"),
    EventKind.GROUP_MERGED.value: N_("Groepen samengevoegd"),
    EventKind.GROUP_GIVEN.value: N_("Mentor toegevoegd"),
    EventKind.GROUP_ENDED.value: N_("Mentor gestopt"),
    EventKind.USER_CREATED.value: N_("Account gemaakt"),
    EventKind.USER_CHANGED.value: N_("Account gewijzigd"),
    EventKind.USER_DISABLED.value: N_("Account uitgezet"),
    EventKind.USER_ENABLED.value: N_("Account weer aangezet"),
    EventKind.PASSWORD_SET.value: N_("Wachtwoord gekozen"),
    EventKind.PASSWORD_LINK_MADE.value: N_("Link voor een wachtwoord gemaakt"),
    EventKind.SESSIONS_ENDED.value: N_("Uitgelogd door de beheerder"),
    EventKind.ROLE_GIVEN.value: N_("Rol gegeven"),
    EventKind.ROLE_ENDED.value: N_("Rol beëindigd"),
    EventKind.ROLE_ASKED.value: N_("Rol gevraagd, wacht op een tweede persoon"),
    EventKind.ROLE_REFUSED.value: N_("Rol geweigerd door de tweede persoon"),
    EventKind.TOKEN_ISSUED.value: N_("Token gegeven"),
    EventKind.TOKEN_REVOKED.value: N_("Token ingetrokken"),
    EventKind.FACTOR_ADDED.value: N_("Tweede stap toegevoegd"),
    EventKind.FACTOR_REMOVED.value: N_("Tweede stap weggehaald"),
    EventKind.FACTOR_RESET.value: N_("Tweede stap gewist door de beheerder"),
    EventKind.RECOVERY_CODES_MADE.value: N_("Nieuwe herstelcodes gemaakt"),
    EventKind.SIGN_ON_ALLOWED.value: N_("Inloggen met schoolaccount aangezet"),
    EventKind.SIGN_ON_LINKED.value: N_("Schoolaccount gekoppeld"),
    EventKind.SIGN_ON_ENDED.value: N_("Inloggen met schoolaccount uitgezet"),
    EventKind.CATEGORIES_ADOPTED.value: N_("Categorieën overgenomen"),
    EventKind.CATEGORY_CREATED.value: N_("Categorie toegevoegd"),
    EventKind.CATEGORY_CHANGED.value: N_("Categorie gewijzigd"),
    EventKind.SOURCE_CHANGED.value: N_("Bron gewijzigd"),
    EventKind.SCAN_FOLDER_CHANGED.value: N_("Scanmap gewijzigd"),
    EventKind.MAILBOX_CHANGED.value: N_("Postbus gewijzigd"),
    EventKind.SENDER_RULE_CHANGED.value: N_("Afzenderregel gewijzigd"),
    EventKind.LETTER_TEXT_CHANGED.value: N_("Tekst van een brief gewijzigd"),
    EventKind.SETTINGS_CHANGED.value: N_("Instellingen gewijzigd"),
    EventKind.MATRIX_ADOPTED.value: N_("Rechtenmatrix vastgesteld"),
}
WORDS: Mapping[str, str] = {"ja": N_("ja"), "nee": N_("nee"), "nl": "Nederlands", "en": "English"}


def role_name(code: str, own: Mapping[str, str] | None = None) -> str:
    """The name of a role: of one that ships, else the board's own, else its code."""
    return say(ROLE_NAMES[code]) if code in ROLE_NAMES else (own or {}).get(code) or code


def value_text(text: str) -> str:
    """A value of a change as people read it: days written out, words of ours translated."""
    try:
        return day(date.fromisoformat(text)) if len(text) == 10 else _word(text)
    except ValueError:
        return _word(text)


def _word(text: str) -> str:
    return role_name(text) if text in ROLE_NAMES else say(WORDS[text]) if text in WORDS else text


def change_lines(changes: Iterable[Change]) -> tuple[tuple[str, str, str], ...]:
    """(field, before, after) in the chosen language."""
    return tuple((say(x.field), value_text(x.before), value_text(x.after)) for x in changes)


def period(since: date | None, until: date | None) -> str:
    """Days from `since` until `until` as people say it; empty for always."""
    if since is None and until is None:
        return ""
    if until is None:
        return say(N_("sinds %(since)s"), {"since": day(since)})
    if since is None:
        return say(N_("tot %(until)s"), {"until": day(until)})
    return say(N_("%(since)s tot %(until)s"), {"since": day(since), "until": day(until)})
