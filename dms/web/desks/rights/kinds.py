"""The log's kinds of events in words. A kind that is not here shows as its own name, so that nothing is hidden."""

from collections.abc import Mapping

from dms.kernel.text import N_
from dms.web.texts import say

GROUP_NAMES: Mapping[str, str] = {
    "seen": N_("Gezien"),
    "opened": N_("Geopend"),
    "printed": N_("Geprint"),
    "downloaded": N_("Opgehaald"),
    "changed": N_("Gewijzigd"),
    "shared": N_("Gedeeld"),
    "rights": N_("Rechten en inzage"),
}
KIND_NAMES: Mapping[str, str] = {
    "dossier.seen": N_("Dossier bekeken"),
    "dossier.opened": N_("Dossier gemaakt"),
    "dossier.closed": N_("Dossier gesloten"),
    "document.seen": N_("Document bekeken"),
    "document.read": N_("Document gelezen door Dossierkluis"),
    "document.printed": N_("Document geprint"),
    "document.downloaded": N_("Document opgehaald"),
    "document.filed": N_("Document opgeborgen"),
    "document.changed": N_("Kenmerken gewijzigd"),
    "document.refiled": N_("Document verplaatst"),
    "document.confirmed": N_("Document bevestigd"),
    "document.read_again": N_("Opnieuw lezen gevraagd"),
    "pupil.created": N_("Leerling toegevoegd"),
    "pupil.changed": N_("Leerlinggegevens gewijzigd"),
    "pupil.given": N_("Leerling aan een collega gegeven"),
    "pupil.taken": N_("Leerling bij een collega weggehaald"),
    "item.seen": N_("Stuk in de postbak bekeken"),
    "search.done": N_("Gezocht"),
    "login.succeeded": N_("Ingelogd"),
    "login.failed": N_("Inloggen mislukt"),
    "login.ended": N_("Uitgelogd"),
    "login.halfway": N_("Eerste stap van het inloggen"),
    "login.verified": N_("Opnieuw bewezen wie het is"),
    "factor.failed": N_("Tweede stap mislukt"),
    "factor.added": N_("Tweede stap toegevoegd"),
    "factor.removed": N_("Tweede stap weggehaald"),
    "factor.reset": N_("Tweede stap gewist door de beheerder"),
    "recovery_codes.made": N_("Nieuwe herstelcodes gemaakt"),
    "sign_on.allowed": N_("Inloggen met schoolaccount aangezet"),
    "sign_on.linked": N_("Schoolaccount gekoppeld"),
    "sign_on.ended": N_("Inloggen met schoolaccount uitgezet"),
    "shield.placed": N_("Afgeschermd"),
    "shield.changed": N_("Afscherming gewijzigd"),
    "shield.lifted": N_("Afscherming opgeheven"),
    "access.opened": N_("Geopend met een reden"),
    "access.ended": N_("Tijdelijke toegang gesloten"),
    "access.reviewed": N_("Inzage bekeken door de functionaris"),
    "access_log.seen": N_("Logboek bekeken"),
    "rights.looked_as": N_("Gekeken als een collega"),
    "consent.recorded": N_("Toestemming van de leerling vastgelegd"),
    "consent.withdrawn": N_("Toestemming van de leerling ingetrokken"),
    "national_numbers.seen": N_("BSN of onderwijsnummer bekeken"),
    "carer.contact_seen": N_("Adres van een verzorger bekeken"),
    "role.asked": N_("Rol gevraagd, wacht op een tweede persoon"),
    "role.refused": N_("Rol geweigerd door de tweede persoon"),
    "matrix.adopted": N_("Rechtenmatrix gewijzigd"),
    "matrix.tried": N_("Concept geprobeerd als een collega"),
    "retention.drafted": N_("Concept van de bewaartermijnen gewijzigd"),
    "retention.dropped": N_("Concept van de bewaartermijnen weggegooid"),
    "retention.adopted": N_("Bewaartermijnen vastgesteld"),
    "retention.counted": N_("Bewaartermijnen opnieuw geteld"),
    "retention.swept": N_("Gekeken wat er weg moet"),
    "hold.placed": N_("Bevroren"),
    "hold.changed": N_("Bevriezing gewijzigd"),
    "hold.released": N_("Bevriezing opgeheven"),
}


def kind_words(kind: str) -> str:
    """The kind in the reader's language."""
    return say(KIND_NAMES[kind]) if kind in KIND_NAMES else kind
