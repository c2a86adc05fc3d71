"""The settings that a board or school can choose. Only what really takes effect stands here."""

from dms.kernel.text import N_
from dms.model.catalogue import FieldKind
from dms.model.people import RoleCode
from dms.services.chosen.fields import NO, YES, Choosable

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
    N_("Zo lang mag een stuk in de postbak wachten"),
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
    N_("Langer dan dit blijft niemand ingelogd, ook niet wie doorwerkt."),
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
DISPOSAL_DAYS = Choosable(
    "disposal_days",
    N_("Bedenktijd bij vernietigen"),
    N_("Zo lang kan een goedgekeurde vernietigingslijst nog stoppen. Geldt voor lijsten die later akkoord zijn."),
    FieldKind.NUMBER,
    "7",
    N_("dagen"),
    least=1,
    most=90,
)
FACTOR_HELP = N_(
    "Wie deze rol heeft, bewijst bij het inloggen ook op een tweede manier wie hij is. Geldt vanaf de volgende keer."
)


def _factor(role: RoleCode, label: str, default: str) -> Choosable:
    return Choosable(f"factor_{role.value}", label, FACTOR_HELP, FieldKind.YES_NO, default)


FACTORS: dict[RoleCode, Choosable] = {
    RoleCode.HEAD: _factor(RoleCode.HEAD, N_("Tweede stap voor de directeur"), YES),
    RoleCode.PRIVACY_OFFICER: _factor(RoleCode.PRIVACY_OFFICER, N_("Tweede stap voor de FG"), YES),
    RoleCode.RECORDS_MANAGER: _factor(RoleCode.RECORDS_MANAGER, N_("Tweede stap voor de archiefbeheerder"), YES),
    RoleCode.APPLICATION_MANAGER: _factor(
        RoleCode.APPLICATION_MANAGER, N_("Tweede stap voor de applicatiebeheerder"), YES
    ),
    RoleCode.CARE_COORDINATOR: _factor(RoleCode.CARE_COORDINATOR, N_("Tweede stap voor de intern begeleider"), YES),
    RoleCode.MENTOR: _factor(RoleCode.MENTOR, N_("Tweede stap voor de mentor"), NO),
    RoleCode.ADMINISTRATION: _factor(RoleCode.ADMINISTRATION, N_("Tweede stap voor de administratie"), NO),
    RoleCode.PARENT: _factor(RoleCode.PARENT, N_("Tweede stap voor ouders"), YES),
    RoleCode.PUPIL: _factor(RoleCode.PUPIL, N_("Tweede stap voor leerlingen"), YES),
}
"""For each role whether it asks a second factor. A role of the board's own follows the role it began with."""
FACTOR_ELSEWHERE = Choosable(
    "factor_elsewhere",
    N_("Schoolaccount telt als tweede stap"),
    N_("Kies alleen ja als uw schoolaccount zelf altijd een tweede stap vraagt."),
    FieldKind.YES_NO,
    NO,
)
SETTINGS: tuple[Choosable, ...] = (
    CONTACT,
    LANGUAGE,
    DESK_DAYS,
    SESSION_IDLE,
    SESSION_MOST,
    PASSWORD_LENGTH,
    *FACTORS.values(),
    FACTOR_ELSEWHERE,
    LINK_DAYS,
    TOKEN_DAYS,
    DISPOSAL_DAYS,
)
"""All of them, in the order of the page."""
