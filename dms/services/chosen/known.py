"""The settings that a board or school can choose. Only what really takes effect stands here."""

from dms.kernel.text import N_
from dms.model.catalogue import FieldKind
from dms.services.chosen.fields import Choosable

CONTACT = Choosable(
    "contact",
    N_("Wie helpt bij vragen"),
    N_("Naam met telefoon of e-mail. Staat op de hulppagina en op de pagina waar een collega een wachtwoord kiest."),
    FieldKind.TEXT,
    "",
    most=200,
    at_school=True,
)
LANGUAGE = Choosable(
    "language",
    N_("Taal van nieuwe accounts"),
    N_("Wie een account krijgt, begint in deze taal. Iedereen kan daarna zelf kiezen."),
    FieldKind.CHOICE,
    "nl",
    choices=(("nl", "Nederlands"), ("en", "English")),
    at_school=True,
)
DESK_DAYS = Choosable(
    "desk_days",
    N_("Dagen dat een stuk in de postbak mag wachten"),
    N_("Wacht een stuk langer, dan staat dat bij de bronnen van de school."),
    FieldKind.NUMBER,
    "5",
    N_("dagen"),
    least=1,
    most=60,
    at_school=True,
)
SESSION_IDLE = Choosable(
    "session_idle",
    N_("Uitloggen na stilte"),
    N_("Wie zo lang niets doet, moet opnieuw inloggen. Geldt vanaf de volgende keer inloggen."),
    FieldKind.NUMBER,
    "30",
    N_("minuten"),
    least=5,
    most=120,
)
SESSION_MOST = Choosable(
    "session_most",
    N_("Uitloggen in elk geval na"),
    N_("Langer dan dit duurt een sessie nooit, ook niet als iemand doorwerkt."),
    FieldKind.NUMBER,
    "12",
    N_("uur"),
    least=1,
    most=24,
)
LINK_DAYS = Choosable(
    "link_days",
    N_("Geldigheid van een link voor een wachtwoord"),
    N_("Een nieuwe collega kiest met de link zelf een wachtwoord. Daarna werkt de link niet meer."),
    FieldKind.NUMBER,
    "7",
    N_("dagen"),
    least=1,
    most=30,
)
TOKEN_DAYS = Choosable(
    "token_days",
    N_("Langste geldigheid van een token"),
    N_("Met een token komt een programma binnen. Een nieuw token geldt hoogstens zo lang."),
    FieldKind.NUMBER,
    "366",
    N_("dagen"),
    least=1,
    most=366,
)
PASSWORD_LENGTH = Choosable(
    "password_length",
    N_("Kortste wachtwoord"),
    N_("Een lange zin is veilig en makkelijk te onthouden. Geldt voor nieuwe wachtwoorden."),
    FieldKind.NUMBER,
    "12",
    N_("tekens"),
    least=12,
    most=64,
)
SETTINGS: tuple[Choosable, ...] = (
    CONTACT,
    LANGUAGE,
    DESK_DAYS,
    SESSION_IDLE,
    SESSION_MOST,
    PASSWORD_LENGTH,
    LINK_DAYS,
    TOKEN_DAYS,
)
"""All of them, in the order of the page."""
