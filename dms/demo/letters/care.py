"""Papers about care: research, medication, therapy, youth care, the partnership of schools."""

from datetime import timedelta

from dms.demo.letters import senders
from dms.demo.letters.occasion import Occasion
from dms.demo.letters.sheet import Bullets, Fields, Grid, Heading, Sheet, Signatures, Text, Ticks


def dyslexia_research(o: Occasion) -> Sheet:
    """The report of a psychological examination into severe reading problems; two to three pages."""
    days = sorted((o.before(20, 30), o.before(31, 45)))
    months = (o.day.year - o.pupil.birth_date.year) * 12 + o.day.month - o.pupil.birth_date.month
    return Sheet(
        senders.READING_PRACTICE,
        o.day,
        "Lageveen",
        o.pick("Verslag diagnostisch onderzoek", "Onderzoeksverslag lees- en spellingproblemen"),
        f"Verslag onderzoek {o.pupil.full_name}",
        (
            Fields(
                (
                    *o.who_fields(),
                    ("School", o.school.name),
                    ("Leeftijd bij onderzoek", f"{months // 12} jaar"),
                    ("Onderzoeksdata", " en ".join(o.on(day) for day in days)),
                    ("Onderzoeker", "drs. M. Roosegaarde"),
                )
            ),
            Heading("Aanmelding"),
            Text(
                f"{o.name} is aangemeld door {o.pupil.carers[0].relation} en school vanwege hardnekkige "
                "problemen met lezen en "
                f"spellen. De leerkracht, {o.teacher}, vraagt zich af of er sprake is van ernstige dyslexie "
                "(ED). In de familie "
                f"komen leesproblemen voor: {o.pick('een oom', 'de vader', 'een zus van moeder')} las op "
                "school ook moeizaam."
            ),
            Heading("Gebruikte instrumenten"),
            Bullets(
                (
                    "WISC-V-NL (intelligentie)",
                    "Drie-Minuten-Toets en Klepel (technisch lezen)",
                    "PI-dictee (spelling)",
                    "FAT-R (fonologische vaardigheden)",
                    "CB&WL (snel benoemen)",
                )
            ),
            Heading("Resultaten"),
            Grid(
                ("Onderdeel", "Standaardscore", "Percentiel", "Omschrijving"),
                tuple(
                    (
                        part,
                        str(o.rng.randint(3, 12)),
                        str(o.rng.randint(1, 45)),
                        o.pick("zeer zwak", "zwak", "gemiddeld"),
                    )
                    for part in (
                        "Woordlezen (DMT 1-3)",
                        "Pseudowoorden",
                        "Spelling",
                        "Fonemische analyse",
                        "Benoemsnelheid letters",
                        "Benoemsnelheid cijfers",
                    )
                ),
                (0.36, 0.22, 0.18, 0.24),
            ),
            Text(
                f"Het totale intelligentieniveau is gemiddeld. {o.name} werkt geconcentreerd en geeft niet "
                "op, maar raadt bij langere woorden. De snelheid blijft op alle leestaken ver achter bij die van "
                "leeftijdgenoten. Bij het dictee "
                "worden klanken weggelaten en worden lange en korte klinkers verwisseld."
            ),
            Heading("Conclusie"),
            Text(
                "Er is sprake van een ernstige achterstand bij lezen en spellen, die ondanks zes maanden "
                "extra begeleiding op "
                "zorgniveau 3 is blijven bestaan. De fonologische verwerking is zwak. Op grond van het "
                "Protocol Dyslexie "
                "Diagnostiek en Behandeling (versie 3.0, 2022) wordt de diagnose ernstige dyslexie gesteld."
            ),
            Heading("Advies"),
            Bullets(
                (
                    "Behandeling in onze praktijk, wekelijks 45 minuten, ongeveer anderhalf jaar.",
                    "Meer tijd bij toetsen, tekst in een goed leesbaar lettertype, voorleessoftware.",
                    f"Niet onverwacht hardop laten lezen in de groep; {o.name} mag vooraf oefenen.",
                )
            ),
            Signatures((("drs. M. Roosegaarde", "GZ-psycholoog, BIG 00000000000"),)),
        ),
        references=(("Dossier", f"TB{o.rng.randint(10000, 99999)}"),),
        recipient=o.to_carers(),
        footer="Dit verslag is vertrouwelijk en wordt alleen met toestemming van de ouders aan derden gegeven.",
    )


def dyslexia_statement(o: Occasion) -> Sheet:
    """The one-page statement that goes with the diagnosis."""
    return Sheet(
        senders.PSYCHOLOGY_PRACTICE,
        o.day,
        "Lageveen",
        "Dyslexieverklaring",
        f"Verklaring voor {o.pupil.full_name}",
        (
            Text("Ondergetekende verklaart dat bij"),
            Fields((*o.who_fields(), ("Adres", ", ".join(o.address.lines())))),
            Text(
                f"op grond van onderzoek op {o.on(o.before(10, 40))} dyslexie is vastgesteld. Deze verklaring "
                "is onbeperkt geldig."
            ),
            Heading("Deze leerling heeft recht op"),
            Ticks(
                "",
                (
                    (True, "20% verlenging van de tijd bij toetsen en examens"),
                    (True, "vergroot lettertype"),
                    (o.rng.random() < 0.5, "auditieve ondersteuning"),
                    (False, "mondelinge overhoring"),
                ),
            ),
            Text(
                "De psychodiagnostische gegevens staan in het bijbehorende rapport, dat in het bezit is van de ouders."
            ),
            Signatures((("dr. P. Sterrenburg", "orthopedagoog-generalist"),), dated=True),
        ),
    )


def medication_statement(o: Occasion) -> Sheet:
    """Parents (and a doctor) say which medicine the school gives, and how."""
    drug = o.pick("methylfenidaat 10 mg, 1 tablet", "salbutamol 100 microgram, 2 pufjes", "Keppra drank 2,5 ml")
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Verklaring toedienen van medicijnen",
        f"Medicijngebruik {o.pupil.full_name}",
        (
            Fields(o.who_fields()),
            Text("De ouder geeft de school de opdracht om het onderstaande geneesmiddel toe te dienen:"),
            Fields(
                (
                    ("Geneesmiddel en dosis", drug),
                    ("Tijdstip", o.pick("12.00 uur", "zo nodig", "10.15 en 14.00 uur")),
                    ("Wijze van toediening", o.pick("via de mond, met water", "via voorzetkamer")),
                    ("Bewaren", o.pick("koelkast personeelskamer", "afgesloten la leerkracht")),
                    ("Huisarts", "Huisartsenpraktijk De Veerpoort, 0999 - 33 20 10"),
                )
            ),
            Text(
                "Bijwerkingen: hoofdpijn, minder eetlust. Wat te doen als het misgaat: bel de ouder; bij "
                "benauwdheid die niet overgaat binnen vijf minuten: bel 112."
            ),
            Ticks(
                "Instructie gegeven aan:", ((True, o.teacher), (True, o.care_coordinator), (False, "overblijfkracht"))
            ),
            Signatures(((o.carer, "ouder/verzorger"), (o.head, "namens de school")), dated=True),
        ),
    )


def allergy_letter(o: Occasion) -> Sheet:
    """A hospital tells about an allergy and what to do."""
    cause = o.pick("pinda en cashewnoot", "koemelk", "sesamzaad", "kippenei")
    return Sheet(
        senders.HOSPITAL,
        o.day,
        "Rivierstad",
        "Verklaring",
        f"{o.pupil.full_name}, geb. {o.born}",
        (
            Text("Geachte heer, mevrouw,"),
            Text(
                f"Bovengenoemde patiënt is bij ons onder controle wegens een allergie voor {cause}. Bij een "
                "eerdere reactie "
                f"({o.on(o.before(100, 400))}) had {o.he} galbulten, een gezwollen gezicht en benauwdheid."
            ),
            Text("Wij verzoeken de school om de volgende maatregelen te nemen:"),
            Bullets(
                (
                    f"Zorg dat er altijd een adrenaline-auto-injector (EpiPen {o.pick('Junior 150', '300')} "
                    "microgram) bereikbaar is.",
                    f"Geef geen traktaties met {cause}; overleg met ouders.",
                    "Bij een ernstige reactie: injector in het bovenbeen, 112 bellen, kind laten liggen, "
                    "ouders bellen.",
                )
            ),
            Text(f"Het noodplan is besproken met ouders ({o.carers}). De volgende controle is over een jaar."),
            Text("Met collegiale groet,"),
            Signatures((("dr. A. Wintermans", "kinderarts"),)),
        ),
        recipient=o.to_school(),
        references=(("Patiëntnummer", str(o.rng.randint(1000000, 9999999))),),
    )


def therapy_report(o: Occasion) -> Sheet:
    """A speech therapist reports to the school."""
    return Sheet(
        senders.SPEECH_PRACTICE,
        o.day,
        "Oeverzand",
        "Verslag logopedie",
        f"Verslag behandeling {o.who()}",
        (
            Text(f"Beste {o.teacher},"),
            Text(
                f"Met toestemming van de ouders stuur ik u een kort verslag over {o.name}, die sinds "
                f"{o.on(o.before(120, 260))} bij ons in behandeling is."
            ),
            Text(
                f"Bij het begin had {o.he} een taalachterstand van ongeveer een jaar: {o.he} maakte korte "
                "zinnen, zocht vaak naar "
                "woorden en sprak de /r/ en de /s/ niet goed uit. We hebben gewerkt aan de woordenschat, de "
                "zinsbouw en de mondmotoriek. "
                "Op de CELF-5 is nu een groei te zien van percentiel 9 naar percentiel 25."
            ),
            Text(
                f"In de klas helpt het als u {o.him} de tijd geeft om te antwoorden, instructies in korte "
                "zinnen geeft en nieuwe "
                "woorden met een plaatje aanbiedt. Wij gaan door met één behandeling per week tot de zomer."
            ),
            Text("Met vriendelijke groet,"),
            Signatures((("Judith Kamerling", "logopedist"),)),
        ),
        recipient=o.to_school(o.teacher),
    )


def youth_care_letter(o: Occasion) -> Sheet:
    """A youth worker tells the school about help to the family."""
    return Sheet(
        senders.YOUTH_CARE,
        o.day,
        "Oeverzand",
        "Terugkoppeling hulpverlening",
        f"Terugkoppeling {o.who()}",
        (
            Text(f"Geachte mevrouw {o.care_coordinator.split()[-1]},"),
            Text(
                f"Op {o.on(o.before(12, 30))} hebben wij met u en de ouders om tafel gezeten over {o.name}. "
                "In deze brief zetten wij de afspraken op een rij."
            ),
            Bullets(
                (
                    f"{o.name} start op korte termijn met een weerbaarheidstraining in een groep van zes kinderen.",
                    "Het gezin krijgt zestien weken opvoedondersteuning thuis, een keer per week.",
                    "De jeugdpsychiater beoordeelt of een onderzoek naar ADHD nodig is.",
                )
            ),
            Text(
                f"Ouders geven aan dat het thuis vaak botst rond het slapengaan en dat {o.he} soms zegt niet "
                "naar school te willen. Wij vragen u om ons te bellen als er op school iets verandert."
            ),
            Text("Deze brief is ook aan de ouders gestuurd."),
            Signatures((("Rachna Dewnarain", "jeugd- en gezinscoach"),)),
        ),
        recipient=o.to_school(o.care_coordinator),
    )


def partnership_advice(o: Occasion) -> Sheet:
    """The partnership grants extra support in the ordinary school."""
    until = o.day + timedelta(days=300)
    return Sheet(
        senders.PARTNERSHIP,
        o.day,
        "Rivierstad",
        "Toekenning arrangement",
        f"Toekenning extra ondersteuning voor {o.who()}",
        (
            Text(f"Beste {o.care_coordinator},"),
            Text(
                f"U heeft ons gevraagd om mee te denken over {o.name}. Onze consulent heeft op "
                f"{o.on(o.before(10, 30))} in de "
                "groep gekeken en gesproken met de leerkracht en de ouders. Wij kennen het volgende arrangement toe."
            ),
            Grid(
                ("Inzet", "Omvang", "Periode"),
                (
                    ("Ambulant begeleider gedrag", "2 uur per week", f"tot {o.on(until)}"),
                    ("Onderwijsassistent", "4 uur per week", f"tot {o.on(until)}"),
                ),
            ),
            Text(
                "Ons advies aan het team: bied voorspelbaarheid met een dagprogramma op de tafel, spreek een "
                "vast rustmoment af en "
                "geef complimenten over concreet gedrag. Na een half jaar bespreken we samen of het doel is bereikt."
            ),
            Signatures((("Nadia Ouchene", "adviseur passend onderwijs"),)),
        ),
        recipient=o.to_school(o.care_coordinator),
        references=(("Kenmerk", f"ARR-{o.rng.randint(1000, 9999)}"),),
    )


def admission_decision(o: Occasion) -> Sheet:
    """The partnership decides that a pupil may go to special education."""
    until = o.day + timedelta(days=730)
    return Sheet(
        senders.PARTNERSHIP,
        o.day,
        "Rivierstad",
        "Beschikking toelaatbaarheidsverklaring",
        "Toelaatbaarheidsverklaring (TLV)",
        (
            Text(
                f"Het bestuur van het samenwerkingsverband heeft op {o.on(o.before(5, 20))} de aanvraag van "
                f"basisschool {o.school.name} beoordeeld voor:"
            ),
            Fields(o.who_fields()),
            Heading("Beslissing"),
            Text(
                "De leerling is toelaatbaar tot "
                f"{o.pick('het speciaal basisonderwijs', 'het speciaal onderwijs, categorie laag')} "
                f"van {o.on(o.day)} tot en met {o.on(until)}. Het volgnummer is {o.rng.randint(100000, 999999)}."
            ),
            Heading("Deskundigenadvies"),
            Text(
                "De orthopedagoog en de gedragswetenschapper hebben positief geadviseerd. De adviezen zijn bijgevoegd."
            ),
            Text(
                "Belanghebbenden kunnen binnen zes weken bezwaar maken bij de Landelijke Bezwaaradviescommissie "
                "Toelaatbaarheidsverklaring (artikel 18a WPO)."
            ),
            Signatures((("mr. L. Hoogenkamp", "directeur-bestuurder"),)),
        ),
        recipient=o.to_school(o.head),
    )


def admission_request(o: Occasion) -> Sheet:
    """The school asks the partnership for a place in special education."""
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Aanvraag toelaatbaarheidsverklaring",
        f"TLV-aanvraag {o.pupil.full_name}",
        (
            Fields((*o.who_fields(), ("Aanvrager", o.school.name), ("Contactpersoon", o.care_coordinator))),
            Heading("Motivering"),
            Text(
                f"Voor {o.name} is de basisondersteuning niet langer voldoende. Ondanks twee plannen en "
                "begeleiding door een "
                f"ambulant begeleider komt {o.he} niet tot leren in een groep van {o.rng.randint(22, 28)} "
                f"kinderen. {o.he_start} heeft de hele dag een volwassene naast zich nodig."
            ),
            Heading("Wat is er gedaan"),
            Bullets(
                (
                    "Extra instructie en een aangepaste weektaak",
                    "Arrangement van het samenwerkingsverband",
                    "Overleg met ouders, jeugdarts en schoolmaatschappelijk werk",
                )
            ),
            Ticks(
                "Bijlagen",
                ((True, "plan met handelingsdeel"), (True, "verslag psycholoog"), (False, "zienswijze ouders")),
            ),
            Signatures(((o.head, "directeur"), (o.carer, "ouder/verzorger, voor gezien")), dated=True),
        ),
        recipient=(senders.PARTNERSHIP.name, *senders.PARTNERSHIP.lines[:2]),
    )
