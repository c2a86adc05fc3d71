"""Papers about how a pupil learns: plans, observations, reports for the next school."""

from datetime import date

from dms.demo.letters.occasion import Occasion
from dms.demo.letters.results import LEVELS
from dms.demo.letters.senders import OTHER_PRIMARY, school_sender
from dms.demo.letters.sheet import Bullets, Fields, Grid, Heading, Sheet, Signatures, Text, Ticks


def support_plan(o: Occasion) -> Sheet:
    """A plan for some weeks of extra help in the classroom."""
    until = date.fromordinal(o.day.toordinal() + 70)
    subject = o.pick("automatiseren tot 100", "technisch lezen", "werkwoordspelling", "taakgericht werken")
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Individueel handelingsplan",
        f"Handelingsplan {subject} - {o.pupil.full_name}",
        (
            Fields(
                (
                    *o.who_fields(),
                    ("Opgesteld door", o.teacher),
                    ("Periode", f"{o.on(o.day)} - {o.on(until)}"),
                    ("Vakgebied", subject),
                )
            ),
            Heading("Beginsituatie"),
            Text(
                f"{o.name} heeft moeite met {subject}. Uit de laatste toets blijkt een niveau {o.pick('IV', 'V')}. "
                f"{o.he_start} raakt snel afgeleid wanneer de groep zelfstandig werkt en vraagt dan niet om "
                f"hulp. Positief is dat {o.he} graag wil leren en goed reageert op een compliment."
            ),
            Heading("Doel"),
            Text(f"Aan het einde van de periode scoort {o.name} minimaal {o.pick('80%', '75%')} op de controletaak."),
            Heading("Aanpak"),
            Bullets(
                (
                    f"Drie keer per week vijftien minuten verlengde instructie door {o.teacher}.",
                    "Eén keer per week oefenen met de onderwijsassistent in een klein groepje.",
                    "Thuis vier keer per week tien minuten oefenen met de kaartjes uit het mapje.",
                )
            ),
            Heading("Evaluatie"),
            Text(
                f"Na {o.pick('acht', 'tien')} weken wordt het plan besproken met de ouders en met {o.care_coordinator}."
            ),
            Signatures(((o.teacher, "leerkracht"), (o.carer, "ouder/verzorger"))),
        ),
    )


def development_perspective(o: Occasion) -> Sheet:
    """The plan for a pupil who leaves the common programme; two to three pages."""
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Ontwikkelingsperspectief (OPP)",
        f"Ontwikkelingsperspectief {o.pupil.full_name}",
        (
            Fields((*o.who_fields(), ("Ouders/verzorgers", o.carers), ("Intern begeleider", o.care_coordinator))),
            Heading("1. Aanleiding"),
            Text(
                f"{o.name} volgt sinds {o.on(o.before(200, 380))} een eigen leerlijn voor rekenen. Ondanks "
                "extra hulp in de "
                f"groep werd de afstand tot het programma van {o.pupil.group} te groot. Op grond van artikel "
                "40a van de Wet "
                "op het primair onderwijs, zoals dit luidt sinds 1 augustus 2014, stelt de school daarom dit "
                "perspectief vast, na op overeenstemming gericht overleg met de ouders."
            ),
            Heading("2. Integratief beeld"),
            Text(
                f"{o.name} is een {o.pick('vrolijke', 'rustige', 'gevoelige')} leerling die graag met anderen "
                "samenwerkt. "
                f"{o.he_start} heeft een disharmonisch profiel: de verbale mogelijkheden zijn gemiddeld, het "
                "werkgeheugen is "
                "zwak. Nieuwe leerstof moet in kleine stappen worden aangeboden en vaak worden herhaald. In een drukke "
                f"omgeving verliest {o.he} het overzicht."
            ),
            Grid(
                ("Bevorderende factoren", "Belemmerende factoren"),
                (
                    ("wil graag leren", "zwak werkgeheugen"),
                    ("steun van thuis", "onzeker bij nieuwe taken"),
                    ("goede motoriek", "laag werktempo"),
                ),
            ),
            Heading("3. Uitstroomverwachting"),
            Text(
                f"De verwachting is dat {o.name} uitstroomt naar "
                f"{o.pick('vmbo-basis met leerwegondersteuning', 'vmbo-kader', 'praktijkonderwijs')}. "
                "Deze verwachting is gebaseerd op de leerrendementen van de afgelopen drie schooljaren en op "
                "het onderzoek door de orthopedagoog."
            ),
            Grid(
                ("Vakgebied", "Nu", "Doel over een jaar", "Eind groep 8"),
                tuple(
                    (subject, *(f"{o.pick('M', 'E')}{max(1, o.pupil.year + step)}" for step in (-2, -1, 0)))
                    for subject in ("Rekenen", "Begrijpend lezen", "Spelling", "Technisch lezen")
                ),
            ),
            Heading("4. Ondersteuning"),
            Bullets(
                (
                    "Eigen leerlijn rekenen met dagelijkse instructie aan de instructietafel.",
                    "Rustige werkplek met koptelefoon; weektaak in blokken van twintig minuten.",
                    "Ambulante begeleiding door een specialist, een dagdeel per week.",
                )
            ),
            Heading("5. Stem van de leerling"),
            Text(
                f'Met {o.name} is gesproken op {o.on(o.before(8, 25))}. {o.he_start} vertelt: "Ik vind het '
                "fijn als de juf of "
                "meester het nog een keer rustig uitlegt. Ik wil graag met de groep mee blijven doen met gym "
                'en muziek."'
            ),
            Heading("6. Evaluatie en akkoord"),
            Text(
                "Het perspectief wordt twee keer per jaar geëvalueerd met de ouders. De ouders hebben "
                "instemmingsrecht op het handelingsdeel (hoofdstuk 4)."
            ),
            Ticks("De ouders:", ((True, "stemmen in met het handelingsdeel"), (False, "stemmen niet in"))),
            Signatures(((o.care_coordinator, "intern begeleider"), (o.carer, "ouder/verzorger")), dated=True),
        ),
    )


def observation(o: Occasion) -> Sheet:
    """Notes of an observation in the classroom."""
    seen = o.before(1, 4)
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Observatieverslag",
        f"Observatie {o.pupil.full_name}",
        (
            Text(f"Leerling: {o.who()}"),
            Text(f"Observatie in {o.pupil.group} op {o.on(seen)} van 9.00 tot 10.15 uur, door {o.care_coordinator}."),
            Heading("Vraag van de leerkracht"),
            Text(f"Hoe komt het dat {o.name} zo weinig werk af krijgt, en wat helpt {o.him} om aan de slag te gaan?"),
            Heading("Wat ik zag"),
            Text(
                f"9.05 De kring. {o.name} zit schuin achter de leerkracht, kijkt naar buiten en speelt met "
                "een veter. Bij een "
                f"directe vraag geeft {o.he} het goede antwoord. 9.25 Zelfstandig werken. {o.he_start} zoekt "
                "vier minuten naar "
                "een potlood, loopt twee keer langs een ander groepje en begint als de leerkracht langskomt. "
                f"9.50 Met de timer op tafel werkt {o.he} elf minuten achter elkaar door."
            ),
            Heading("Conclusie en advies"),
            Text(
                f"{o.name} begrijpt de stof, maar komt moeilijk op gang. Een vaste plek vooraan, een timer en "
                "een taak in twee delen lijken te helpen. Over zes weken kijk ik opnieuw in de groep."
            ),
        ),
        recipient=(o.teacher,),
    )


def _transfer_blocks(o: Occasion, writer: str) -> tuple[Heading | Text | Fields | Grid | Bullets | Signatures, ...]:
    """What a school tells the next school."""
    return (
        Fields(o.who_fields(), title="Personalia"),
        Heading("Schoolloopbaan"),
        Grid(
            ("Schooljaar", "Groep", "Bijzonderheden"),
            tuple(
                (
                    f"{year}-{year + 1}",
                    str(max(1, o.pupil.year - (o.day.year - 1 - year))),
                    o.pick("-", "-", "extra hulp bij lezen", "overgestapt tijdens het jaar"),
                )
                for year in range(o.day.year - 3, o.day.year)
            ),
        ),
        Heading("Leerresultaten"),
        Grid(
            ("Vakgebied", "Niveau", "Methode"),
            tuple(
                (subject, o.rng.choice(LEVELS), method)
                for subject, method in (
                    ("Rekenen", "Getal & Ruimte Junior"),
                    ("Spelling", "Staal"),
                    ("Begrijpend lezen", "Nieuwsbegrip"),
                )
            ),
        ),
        Heading("Sociaal-emotionele ontwikkeling"),
        Text(
            f"{o.name} ligt goed in de groep en heeft een paar vaste vrienden. {o.he_start} kan opkomen voor "
            "zichzelf. In "
            f"nieuwe situaties kijkt {o.he} eerst de kat uit de boom. De overstap naar een andere school is "
            f"met {o.him} besproken; {o.he} heeft er zin in."
        ),
        Heading("Begeleiding"),
        Text(
            o.pick(
                "In het afgelopen jaar was er extra instructie bij spelling. Er is geen onderzoek geweest en "
                "er is geen hulp van buiten de school betrokken.",
                "Er was een half jaar begeleiding in een klein groepje voor begrijpend lezen. De resultaten "
                "zijn nu voldoende.",
            )
        ),
        Text("De ouders hebben dit rapport gelezen en een afschrift ontvangen."),
        Signatures(((writer, "namens de school"), (o.carer, "ouder/verzorger, voor gezien"))),
    )


def transfer_report_sent(o: Occasion) -> Sheet:
    """The report that goes along with a pupil who leaves this school."""
    to_name = "Lyceum Noord" if o.pupil.year == 8 else "basisschool Het Kompas"
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Onderwijskundig rapport",
        f"Onderwijskundig rapport {o.pupil.full_name}",
        (Text(f"Dit rapport is opgesteld voor de ontvangende school: {to_name}."), *_transfer_blocks(o, o.teacher)),
        references=(("Van", f"{o.school.name} ({o.school.brin})"), ("Naar", to_name)),
    )


def transfer_report_received(o: Occasion) -> Sheet:
    """The report with which a pupil comes from another school."""
    return Sheet(
        OTHER_PRIMARY,
        o.day,
        "Westerdam",
        "Onderwijskundig rapport",
        f"Overdracht {o.pupil.full_name}",
        (
            Text(f"Ontvangende school: basisschool {o.school.name}, {o.school.address.town} (BRIN {o.school.brin})."),
            *_transfer_blocks(o, "Petra Oldenkamp"),
        ),
        references=(("Van", "De Klaproos (98AA)"), ("Naar", f"{o.school.name} ({o.school.brin})")),
        recipient=o.to_school(o.care_coordinator),
    )
