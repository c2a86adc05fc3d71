"""Papers with results: report cards, test scores, the final test and the advice for secondary school."""

from dms.demo.letters.occasion import Occasion
from dms.demo.letters.senders import TEST_MAKER, school_sender
from dms.demo.letters.sheet import Fields, Grid, Heading, Sheet, Signatures, Text
from dms.kernel.schoolyear import school_year_of

SUBJECTS = (
    "Technisch lezen",
    "Begrijpend lezen",
    "Spelling",
    "Taal",
    "Rekenen",
    "Wereldoriëntatie",
    "Schrijven",
    "Tekenen en handvaardigheid",
    "Muziek",
    "Bewegingsonderwijs",
)
GRADES = ("goed", "ruim voldoende", "voldoende", "matig", "zwak", "7", "8", "7,5", "6,5", "9")
LEVELS = ("I", "II", "III", "IV", "V", "I+", "V-")


def report_card(o: Occasion) -> Sheet:
    """A school report with marks and a few lines of the teacher."""
    marks = o.rng.choice((GRADES[:5], GRADES[5:]))
    which = "eerste" if o.day.month in (9, 10, 11, 12, 1, 2, 3) else "tweede"
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        f"Rapport {o.pupil.group}",
        f"Rapport van {o.pupil.full_name}",
        (
            Fields((*o.who_fields(), ("Leerkracht", o.teacher), ("Schooljaar", str(school_year_of(o.day))))),
            Grid(("Vak", "Beoordeling"), tuple((subject, o.rng.choice(marks)) for subject in SUBJECTS), (0.6, 0.4)),
            Grid(
                ("Gedrag en werkhouding", "Beoordeling"),
                tuple(
                    (part, o.pick("goed", "voldoende", "kan beter"))
                    for part in ("Concentratie", "Zelfstandigheid", "Omgang met anderen", "Huiswerk")
                ),
                (0.6, 0.4),
            ),
            Heading("Opmerkingen van de leerkracht"),
            Text(
                o.pick(
                    f"{o.name}, je hebt dit half jaar hard gewerkt. Je leest veel vlotter dan in september en "
                    "dat merk je ook bij de zaakvakken. Bij rekenen mag je wat vaker om hulp vragen. Ga zo door!",
                    f"Wat een fijn rapport, {o.name}! Je bent een vrolijke leerling die anderen graag helpt. "
                    "Let nog wel op je tempo: soms ben je zo aan het kletsen dat je werk niet af komt.",
                    f"Beste {o.name}, je mag trots zijn op je vooruitgang met spelling. De tafels van 6 tot en met 9 "
                    "vragen nog oefening. Probeer thuis elke dag tien minuten te oefenen.",
                )
            ),
            Text(f"Dit is je {which} rapport van dit schooljaar. Verzuim: {o.rng.randint(0, 9)} dagdelen ziek."),
            Signatures(((o.teacher, "groepsleerkracht"), (o.carer, "voor gezien, ouder/verzorger"))),
        ),
    )


def test_results(o: Occasion) -> Sheet:
    """A print of half-yearly test scores from the pupil tracking system."""
    rows = []
    for subject in ("Rekenen-Wiskunde 3.0", "Begrijpend lezen 3.0", "Spelling 3.0", "DMT", "AVI", "Woordenschat"):
        score = str(o.rng.randint(60, 280)) if subject != "AVI" else o.pick("M4", "E4", "M5", "E5", "M6", "Plus")
        rows.append((subject, o.pick("M", "E") + str(o.pupil.year), score, o.rng.choice(LEVELS)))
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Leerlingrapport toetsen",
        f"Toetsscores {o.pupil.full_name}",
        (
            Fields(o.who_fields()),
            Text(f"Afname: {o.on(o.before(14, 30))} t/m {o.on(o.before(3, 12))}. Normering: landelijk gemiddelde."),
            Grid(("Toets", "Afname", "Vaardigheidsscore", "Niveau"), tuple(rows), (0.4, 0.15, 0.27, 0.18)),
            Text(
                o.pick(
                    "De vaardigheidsgroei op rekenen is groter dan verwacht. Bij spelling blijft de groei "
                    "achter bij de vorige afname; de werkwoordspelling vraagt extra aandacht in het komende blok.",
                    "Op alle onderdelen is groei te zien. Het leestempo ligt nog onder het gemiddelde van de groep. De "
                    "leerkracht bespreekt de uitslag met de ouders tijdens de tienminutengesprekken.",
                )
            ),
            Text(
                "I = hoogste 20%, II = 20% boven gemiddeld, III = gemiddeld, IV = 20% onder gemiddeld, V = laagste 20%."
            ),
        ),
        footer=f"Afgedrukt door {o.teacher} op {o.on(o.day)}",
    )


def school_advice(o: Occasion) -> Sheet:
    """The advice for secondary school, to the parents of a pupil in group 8."""
    level = o.pick(
        "vmbo-kader / vmbo-gemengd-theoretisch", "vmbo-theoretische leerweg / havo", "havo", "havo / vwo", "vwo"
    )
    manner = o.pick("zelfstandig en nauwkeurig", "met plezier maar soms gehaast", "hard en vraagt op tijd hulp")
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Definitief schooladvies",
        f"Advies voortgezet onderwijs {o.pupil.full_name}",
        (
            Text(o.dear_carers()),
            Text(
                "In groep 8 krijgt elke leerling een advies voor de middelbare school. Hieronder leest u het "
                f"advies voor {o.who()}."
            ),
            Text(f"Het advies van de basisschool luidt: {level}."),
            Text(
                "We hebben gekeken naar de resultaten vanaf groep 6, de werkhouding en de motivatie van "
                f"{o.name}. {o.he_start} werkt {manner}. "
                "Scoort uw kind op de toets hoger dan dit advies, dan stellen wij het advies in principe bij."
            ),
            Text(
                "U kunt uw kind van 25 tot en met 31 maart aanmelden bij een school naar keuze. Heeft u "
                f"vragen, dan kunt u een afspraak maken met {o.teacher}."
            ),
            Text("Met vriendelijke groet,"),
            Signatures(((o.teacher, f"leerkracht {o.pupil.group}"), (o.head, "directeur"))),
        ),
        recipient=o.to_carers(),
    )


def final_test(o: Occasion) -> Sheet:
    """The result of the final test of primary school, by the maker of the test."""
    return Sheet(
        TEST_MAKER,
        o.day,
        "Middelveld",
        "Uitslag doorstroomtoets",
        f"Leerlingrapport doorstroomtoets {o.pupil.full_name}",
        (
            Fields(
                (
                    *o.who_fields(),
                    ("School", f"{o.school.name} ({o.school.brin})"),
                    ("Afnamedatum", o.on(o.before(28, 36))),
                )
            ),
            Text(
                f"Dit rapport laat zien hoe {o.name} de toets heeft gemaakt. De toets bestaat uit de "
                "onderdelen taal en rekenen. "
                "De score is vergeleken met die van alle leerlingen die dit jaar hebben meegedaan."
            ),
            Grid(
                ("Onderdeel", "Aantal goed", "Van", "Percentiel", "Referentieniveau"),
                tuple(
                    (part, str(o.rng.randint(18, 44)), "45", str(o.rng.randint(15, 96)), o.pick("1F", "1S", "2F"))
                    for part in ("Lezen", "Taalverzorging", "Rekenen")
                ),
            ),
            Heading("Toetsadvies"),
            Text(
                f"Op basis van deze toets past het beste: {o.pick('vmbo-gt / havo', 'havo', 'havo / vwo', 'vmbo-kb')}."
            ),
            Text(
                "De basisschool bespreekt dit rapport met u. Dit toetsadvies is niet hetzelfde als het "
                "advies van de school."
            ),
        ),
        references=(("Rapportnummer", str(o.rng.randint(400000, 999999))),),
        footer="Toetsbureau Doorzicht - vertrouwelijk leerlingrapport",
    )
