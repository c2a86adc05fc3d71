"""Papers about talking and about trouble: parent talks, incidents, suspension, complaints, privacy requests."""

from datetime import timedelta

from dms.demo.letters import senders
from dms.demo.letters.occasion import Occasion
from dms.demo.letters.sheet import Bullets, Fields, Heading, Sheet, Signatures, Text, Ticks


def parent_talk(o: Occasion) -> Sheet:
    """The notes of a talk with parents; written on the day of the talk or soon after."""
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        o.pick("Gespreksverslag", "Verslag oudergesprek"),
        f"Gesprek met ouders van {o.pupil.full_name}",
        (
            Text(f"Betreft: {o.who()}"),
            Text(f"Aanwezig: {o.carers}, {o.teacher} (leerkracht), {o.care_coordinator} (ib)."),
            Heading("Besproken"),
            Text(
                o.pick(
                    f"Ouders vertellen dat {o.name} de laatste weken slecht slaapt en opziet tegen school. Op "
                    "school zien wij een "
                    f"rustig kind dat meedoet, maar na de gymles trekt {o.he} zich terug. Er lijkt iets te "
                    "spelen met twee klasgenoten in de kleedkamer.",
                    f"De leerkracht laat het werk van {o.name} zien. Ouders herkennen dat {o.he} snel denkt "
                    "dat iets niet lukt. Thuis "
                    f"helpt het om de opdracht eerst samen door te nemen. Op school gaat {o.he} een hulpkaart "
                    "gebruiken.",
                )
            ),
            Heading("Afspraken"),
            Bullets(
                (
                    f"{o.teacher} voert een gesprekje met {o.name} en houdt de pauzes in de gaten.",
                    f"Ouders mailen als {o.name} thuis iets vertelt.",
                    f"Nieuw gesprek op {o.on(o.day + timedelta(days=o.rng.randint(25, 45)))} om 15.30 uur.",
                )
            ),
            Text("Ouders zijn akkoord met dit verslag."),
            Signatures(((o.teacher, "leerkracht"), (o.carer, "ouder/verzorger"))),
        ),
        recipient=(f"ouders van {o.pupil.full_name}",),
    )


def letter_to_parents(o: Occasion) -> Sheet:
    """The school answers parents in a letter."""
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Brief",
        o.pick("Uw brief", "Antwoord op uw vraag", "Ons gesprek"),
        (
            Text(o.dear_carers()),
            Text(
                f"Op {o.on(o.before(3, 9))} schreef u ons over {o.who()}. U vraagt of {o.he} volgend jaar bij "
                "dezelfde vrienden in de groep kan blijven."
            ),
            Text(
                "Wij begrijpen uw vraag. Bij het indelen van de groepen letten wij op de verdeling van "
                "jongens en meisjes, op wat een "
                "leerling nodig heeft en op vriendschappen. Ieder kind komt bij minstens één vriend in de "
                f"groep, ook {o.name}. Een vaste belofte over een bepaalde klasgenoot kunnen wij niet doen."
            ),
            Text(f"Wilt u er verder over praten, dan kunt u {o.teacher} aanspreken of bellen met {o.school.phone}."),
            Text("Met vriendelijke groet,"),
            Signatures(((o.head, "directeur"),)),
        ),
        recipient=o.to_carers(),
    )


def incident_report(o: Occasion) -> Sheet:
    """What happened in the playground, and what was done."""
    happened = o.day - timedelta(days=o.rng.choice((0, 1)))
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Registratie incident",
        f"Incident schoolplein - {o.pupil.full_name}",
        (
            Fields(
                (
                    *o.who_fields(),
                    ("Datum en tijd voorval", f"{o.on(happened)}, {o.pick('10.20', '12.45', '14.10')} uur"),
                    ("Plaats", o.pick("schoolplein", "kleedkamer gymzaal", "gang bij de kapstokken")),
                    ("Ingevuld door", o.teacher),
                )
            ),
            Ticks(
                "Soort voorval",
                (
                    (True, o.pick("lichamelijk geweld", "pesten", "bedreiging")),
                    (False, "diefstal"),
                    (False, "vernieling"),
                ),
            ),
            Heading("Wat is er gebeurd?"),
            Text(
                f"Bij het voetballen ontstond ruzie over een doelpunt. {o.name} werd geduwd, viel en schopte "
                "daarna een jongen uit een "
                f"andere groep tegen het been. De pleinwacht haalde hen uit elkaar. Daarna schold {o.he} de "
                "pleinwacht uit en liep weg naar de fietsenstalling."
            ),
            Heading("Wat hebben wij gedaan?"),
            Text(
                f"De leerkracht heeft met beide kinderen gesproken. {o.name} heeft excuses gemaakt. De ouders "
                "van beide kinderen zijn "
                f"dezelfde dag gebeld. De rest van de week blijft {o.he} in de kleine pauze binnen."
            ),
            Ticks(
                "Vervolg", ((True, "bespreken in het team"), (False, "melding bij de inspectie"), (False, "aangifte"))
            ),
            Signatures(((o.teacher, "leerkracht"), (o.head, "gezien, directeur"))),
        ),
    )


def suspension_letter(o: Occasion) -> Sheet:
    """The head suspends a pupil for some days."""
    first = o.day + timedelta(days=1)
    days = o.rng.choice((1, 2, 3))
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Besluit tot schorsing",
        f"Schorsing van {o.who()}",
        (
            Text(o.dear_carers()),
            Text(
                f"Met deze brief laten wij u weten dat {o.name} is geschorst voor {days} "
                f"{'dag' if days == 1 else 'dagen'}, met ingang "
                f"van {o.on(first)}. De aanleiding is het voorval van {o.on(o.before(1, 3))}, waarbij {o.he} "
                "een leerkracht heeft bedreigd en een ruit heeft ingegooid."
            ),
            Text(
                "Wij hebben dit op dezelfde dag telefonisch met u besproken. Het is niet de eerste keer: "
                "eerdere waarschuwingen en een "
                "gesprek met de directie hebben niet geholpen. De veiligheid van de andere kinderen staat voorop."
            ),
            Text(
                f"{o.name} krijgt schoolwerk mee naar huis. Op de eerste dag terug verwachten wij u samen met "
                f"{o.him} om 8.15 uur op "
                "school. De inspectie van het onderwijs en de leerplichtambtenaar zijn op de hoogte gesteld "
                "(artikel 40c WPO)."
            ),
            Text("U kunt binnen zes weken schriftelijk bezwaar maken bij het bestuur van " + o.school.board + "."),
            Text("Hoogachtend,"),
            Signatures(((o.head, "directeur"),)),
        ),
        recipient=o.to_carers(),
        references=(("Verzending", "aangetekend en per e-mail"),),
    )


def complaint(o: Occasion) -> Sheet:
    """A parent complains to the head."""
    return Sheet(
        senders.home_sender(o),
        o.day,
        o.address.town,
        "Klacht",
        o.pick("Klacht over de gang van zaken", "Officiële klacht"),
        (
            Text("Geachte directie,"),
            Text(
                f"Ik dien hierbij een klacht in over de manier waarop de school omgaat met mijn {o.son}, "
                f"{o.who()}. Sinds "
                f"{o.on(o.before(40, 90))} wordt {o.he} bijna elke dag uitgescholden. Wij hebben dit vijf "
                "keer gemeld en er is niets mee gedaan."
            ),
            Text(
                "De leerkracht zei dat kinderen het zelf moeten oplossen. Op het rapport staat zelfs dat "
                "alles goed gaat. Dat klopt niet "
                f"en ik vind dat onze zorgen niet serieus worden genomen. {o.name} wil niet meer naar school."
            ),
            Text(
                "Ik verzoek u binnen twee weken schriftelijk te reageren en mij uit te nodigen voor een "
                "gesprek. Als wij er samen niet uitkomen, leg ik de zaak voor aan de klachtencommissie."
            ),
            Text("Hoogachtend,"),
            Signatures(((o.carer, f"{o.pupil.carers[0].relation} van {o.name}"),)),
        ),
        recipient=o.to_school(o.head),
    )


def privacy_request(o: Occasion) -> Sheet:
    """A parent asks what the school keeps on the child."""
    return Sheet(
        senders.home_sender(o),
        o.day,
        o.address.town,
        "Verzoek",
        o.pick("Verzoek om inzage (artikel 15 AVG)", "Inzage in persoonsgegevens"),
        (
            Text("Geachte heer/mevrouw,"),
            Text(
                f"Als ouder met gezag van {o.who()} vraag ik u om inzage in alle persoonsgegevens die uw "
                f"school over mijn {o.son} heeft. "
                "Ik doe dit op grond van artikel 15 van de Algemene verordening gegevensbescherming, die "
                "geldt sinds 25 mei 2018."
            ),
            Bullets(
                (
                    "Een kopie van het hele leerlingdossier, ook de aantekeningen en de mails.",
                    "Met welke instanties de gegevens zijn gedeeld, en wanneer.",
                    "Hoe lang u de gegevens bewaart.",
                )
            ),
            Text("Ik ontvang uw antwoord graag binnen een maand. Als het nodig is, kom ik mij op school legitimeren."),
            Text("Met vriendelijke groet,"),
            Signatures(((o.carer, f"{o.pupil.carers[0].relation}"),)),
        ),
        recipient=o.to_school("de functionaris gegevensbescherming"),
    )


def safe_home_report(o: Occasion) -> Sheet:
    """Veilig Thuis confirms what was reported about a family."""
    return Sheet(
        senders.SAFE_HOME,
        o.day,
        "Rivierstad",
        "Bevestiging van uw melding",
        "Bevestiging melding",
        (
            Text(f"Geachte mevrouw {o.care_coordinator.split()[-1]},"),
            Text(f"Op {o.on(o.before(2, 6))} heeft u bij ons een melding gedaan over {o.who()}."),
            Text(
                "U maakt zich zorgen over de veiligheid thuis. U heeft de stappen van de meldcode huiselijk geweld en "
                "kindermishandeling doorlopen en uw melding met de ouders besproken. Wij hebben een "
                "veiligheidsbeoordeling gemaakt. "
                "Er is geen direct gevaar; wij dragen de zorg voor het gezin over aan het lokale team."
            ),
            Text(
                "Wij vragen u om alert te blijven en opnieuw te bellen als u nieuwe signalen ziet. U hoort "
                "binnen vijf weken van ons."
            ),
            Text("Met vriendelijke groet,"),
            Signatures((("I. van Ommeren", "medewerker Veilig Thuis"),)),
        ),
        recipient=o.to_school(o.care_coordinator),
        references=(("Meldingsnummer", str(o.rng.randint(20000, 99999))),),
    )
