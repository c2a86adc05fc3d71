"""Requests of data subjects in words for the pages."""

from dms.kernel.text import N_
from dms.model.requests import Asker, Decision, IdentityCheck, ItemAnswer, RequestKind, RequestState
from dms.services.requests.shapes import RequestLine
from dms.web.texts import say, say_many

KINDS = {
    RequestKind.INSPECTION: N_("Inzage (artikel 15)"),
    RequestKind.COPY: N_("Kopie (artikel 15)"),
    RequestKind.RECTIFICATION: N_("Verbeteren (artikel 16)"),
    RequestKind.ERASURE: N_("Wissen (artikel 17)"),
    RequestKind.RESTRICTION: N_("Minder gebruiken (artikel 18)"),
    RequestKind.PORTABILITY: N_("Meenemen (artikel 20)"),
}
STATES = {
    RequestState.OPEN: N_("In behandeling"),
    RequestState.PREPARED: N_("Klaargezet"),
    RequestState.RELEASED: N_("Vrijgegeven"),
    RequestState.DECIDED: N_("Besloten"),
    RequestState.WITHDRAWN: N_("Gesloten"),
}
ASKERS = {
    Asker.CARER: N_("Een ouder of verzorger"),
    Asker.PUPIL: N_("De leerling zelf"),
    Asker.REPRESENTATIVE: N_("Iemand namens hen, zoals een advocaat"),
}
CHECKS = {
    IdentityCheck.SEEN: N_("Identiteitsbewijs gezien (geen kopie bewaard)"),
    IdentityCheck.KNOWN: N_("Persoonlijk bekend op school"),
    IdentityCheck.ACCOUNT: N_("Ingelogd met een eigen account"),
    IdentityCheck.CALLED_BACK: N_("Teruggebeld op een bekend nummer"),
}
AUTHORITIES = {
    "gezag": N_("Ouder met gezag"),
    "voogd": N_("Voogd"),
    "leerling_16": N_("Leerling van 16 jaar of ouder"),
    "gemachtigd": N_("Gemachtigd, de machtiging is gezien"),
    "geen": N_("Geen: deze persoon mag dit niet vragen"),
}
ANSWERS = {
    ItemAnswer.INCLUDE: N_("Gaat mee"),
    ItemAnswer.REDACT: N_("Gaat weggelakt mee"),
    ItemAnswer.LEAVE_OUT: N_("Gaat niet mee"),
}
GROUNDS = {
    "rechten_anderen": N_("Rechten van anderen (AVG 15 lid 4, UAVG 41)"),
    "eigen_notities": N_("Persoonlijke werkaantekeningen, met niemand gedeeld"),
    "onderzoek": N_("Er loopt een onderzoek (UAVG 41 lid 1 d)"),
    "veiligheid": N_("Veiligheid van het kind of van anderen (UAVG 41 lid 1 i)"),
    "anders": N_("Anders, zie de uitleg"),
}
RELATIONS = {
    "pupil": N_("andere leerling"),
    "carer": N_("verzorger van een ander kind"),
    "own_carer": N_("andere verzorger van deze leerling"),
    "number": N_("een BSN of onderwijsnummer dat niet van deze leerling is"),
}
DECISIONS = {
    Decision.GRANTED: N_("Toegewezen"),
    Decision.PARTLY: N_("Deels toegewezen"),
    Decision.REFUSED: N_("Afgewezen"),
}
_SOON = 7


def deadline(line: RequestLine) -> str:
    """How long there is left."""
    if line.state in (RequestState.RELEASED, RequestState.DECIDED, RequestState.WITHDRAWN):
        return ""
    if line.days < 0:
        return say_many(N_("%(num)d dag te laat"), N_("%(num)d dagen te laat"), -line.days)
    if line.days == 0:
        return say(N_("vandaag de laatste dag"))
    return say_many(N_("nog %(num)d dag"), N_("nog %(num)d dagen"), line.days)


def tone(line: RequestLine) -> str:
    """How urgent that is: for the colour of its mark."""
    if line.state not in (RequestState.OPEN, RequestState.PREPARED):
        return "quiet"
    return "bad" if line.days < 0 else "attention" if line.days <= _SOON else "quiet"
