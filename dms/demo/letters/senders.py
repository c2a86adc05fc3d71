"""Who sends papers to a school: the school itself, agencies, parents. All invented."""

from dms.demo.facts import School
from dms.demo.letters.occasion import Occasion
from dms.demo.letters.sheet import Sender


def school_sender(school: School) -> Sender:
    """The school's own letterhead."""
    kind = "Basisschool " if school.sector == "po" else ""
    street, town = school.address.lines()
    return Sender(
        kind + school.name,
        (street, town, f"tel. {school.phone}", f"info@{school.domain}"),
        "#1f4e79",
        "rainbow" if school.brin == "99XX" else "star",
        f"{school.board} · {school.brin}",
    )


def home_sender(occasion: Occasion) -> Sender:
    """The first carer, writing from home."""
    carer = occasion.pupil.carers[0]
    return Sender(carer.name, (*occasion.address.lines(), carer.email))


READING_PRACTICE = Sender(
    "Praktijk De Taalboog",
    ("Singelkade 41", "3997 BM  Lageveen", "tel. 0998 - 23 11 40", "info@taalboog.example"),
    "#7a3e9d",
    "bars",
    "Onderzoek en behandeling bij lezen en spellen",
)
PSYCHOLOGY_PRACTICE = Sender(
    "Orthopedagogenpraktijk Kijk op Leren",
    ("Marktplein 7", "3997 AC  Lageveen", "tel. 0998 - 60 04 18", "secretariaat@kijkopleren.example"),
    "#2d6a4f",
    "disc",
)
GENERAL_PRACTICE = Sender(
    "Huisartsenpraktijk De Veerpoort",
    ("Veerpoortstraat 2", "3999 CD  Oeverzand", "tel. 0999 - 33 20 10"),
    "#0b5563",
    "cross",
)
HOSPITAL = Sender(
    "Ziekenhuis Rivierenoord",
    ("Polikliniek Kindergeneeskunde", "Postbus 900", "3990 AA  Rivierstad", "tel. 0997 - 80 80 80"),
    "#00558c",
    "cross",
)
SPEECH_PRACTICE = Sender(
    "Logopedie Kleurrijk",
    ("Gezondheidsplein 14", "3999 GH  Oeverzand", "tel. 0999 - 47 47 12", "praktijk@logopediekleurrijk.example"),
    "#c45b12",
    "star",
)
YOUTH_CARE = Sender(
    "Jeugdhulp De Oever",
    ("Team Oeverzand", "Kerkplein 30", "3999 AA  Oeverzand", "tel. 0999 - 90 15 00"),
    "#35608f",
    "disc",
)
PARTNERSHIP = Sender(
    "Samenwerkingsverband Delta",
    ("Postbus 310", "3990 AH  Rivierstad", "tel. 0997 - 20 50 60", "info@swvdelta.example"),
    "#14532d",
    "bars",
    "Passend onderwijs primair onderwijs",
)
MUNICIPALITY = Sender(
    "Gemeente Oeverzand",
    ("Team Leerplicht en Kwalificatie", "Raadhuisplein 1", "Postbus 15", "3999 ZA  Oeverzand", "tel. 14 0999"),
    "#8a1c1c",
    "star",
)
SAFE_HOME = Sender(
    "Veilig Thuis Rivierenoord",
    ("Postbus 77", "3990 AC  Rivierstad", "tel. 0800 - 99 99"),
    "#b03a2e",
    "disc",
)
OTHER_PRIMARY = Sender(
    "Basisschool De Klaproos",
    ("Tulpstraat 5", "3996 DR  Westerdam", "tel. 0996 - 31 22 08", "info@deklaproos.example"),
    "#a61e1e",
    "disc",
    "Openbaar onderwijs Westerdam · 98AA",
)
TEST_MAKER = Sender(
    "Toetsbureau Doorzicht",
    ("Postbus 1200", "3980 BA  Middelveld", "klantenservice@doorzicht.example"),
    "#1b6ca8",
    "bars",
)
