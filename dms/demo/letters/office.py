"""Papers of the administration: registration, absence, consent, addresses, invoices, decisions."""

from datetime import timedelta

from dms.demo.letters.occasion import Occasion
from dms.demo.letters.senders import MUNICIPALITY, home_sender, school_sender
from dms.demo.letters.sheet import Bullets, Fields, Grid, Heading, Sheet, Signatures, Text, Ticks
from dms.kernel.schoolyear import school_year_of


def _town(o: Occasion) -> str:
    return o.school.address.town


def _carer_rows(o: Occasion) -> tuple[tuple[str, str], ...]:
    rows: list[tuple[str, str]] = []
    for nth, carer in enumerate(o.pupil.carers, start=1):
        rows.append((f"Ouder/verzorger {nth}", f"{carer.name} ({carer.relation})"))
        rows.append(("E-mail", carer.email))
    return tuple(rows)


def registration_form(o: Occasion) -> Sheet:
    """The form with which parents register a child."""
    street, town = o.address.lines()
    pupil = o.pupil
    return Sheet(
        school_sender(o.school),
        o.day,
        _town(o),
        o.pick("Aanmeldformulier nieuwe leerling", "Inschrijfformulier"),
        f"Aanmelding {pupil.full_name}",
        (
            Text("Wilt u dit formulier volledig invullen en ondertekend inleveren bij de administratie?"),
            Fields(
                (
                    ("Achternaam", pupil.family_name or pupil.call_name),
                    ("Voornamen (voluit)", pupil.given_names),
                    ("Roepnaam", pupil.call_name),
                    ("Geboortedatum", o.born),
                    ("Jongen / meisje", "jongen" if pupil.is_boy else "meisje"),
                    ("Adres", street),
                    ("Postcode en plaats", town),
                    ("Burgerservicenummer", pupil.bsn or "volgt"),
                ),
                title="Gegevens van het kind",
            ),
            Fields(_carer_rows(o), title="Gegevens van de ouders"),
            Ticks("Heeft uw kind een peuterspeelzaal of voorschool bezocht?", ((True, "ja"), (False, "nee"))),
            Ticks("Gaat u ermee akkoord dat wij informatie opvragen?", ((True, "ja"), (False, "nee"))),
            Text(
                f"Gewenste startdatum: {o.on(pupil.enrolled)}. Is uw kind niet op een andere school ingeschreven? "
                "Ondergetekende verklaart dit formulier naar waarheid te hebben ingevuld en de "
                "uitgangspunten van de school te respecteren."
            ),
            Signatures(
                tuple((c.name, c.relation) for c in pupil.carers if c.authority) or ((o.carer, ""),), dated=True
            ),
        ),
        footer=f"Basisschool {o.school.name} - versie 2.3 - in te vullen door school: ontvangen door {o.office}",
    )


def deregistration(o: Occasion) -> Sheet:
    """The proof for parents and the next school that a pupil has left."""
    last = o.pupil.left or o.day
    return Sheet(
        school_sender(o.school),
        o.day,
        _town(o),
        "Bewijs van uitschrijving",
        f"Uitschrijving {o.pupil.full_name}",
        (
            Text(f"De directie van basisschool {o.school.name} (BRIN {o.school.brin}) verklaart dat de leerling"),
            Fields(
                (*o.who_fields(), ("Ingeschreven sinds", o.on(o.pupil.enrolled)), ("Laatste schooldag", o.on(last)))
            ),
            Text(
                f"is uitgeschreven. De leerling zat in {o.pupil.group}. De reden van vertrek is "
                + o.pick("verhuizing.", "overgang naar het voortgezet onderwijs.", "overstap naar een andere school.")
            ),
            Text(
                "Dit bewijs is bestemd voor de ontvangende school. Binnen een week na de inschrijving "
                "ontvangen wij graag een bericht van inschrijving, zoals bedoeld in de Leerplichtwet 1969."
            ),
            Signatures(((o.head, "directeur"),)),
        ),
        recipient=o.to_carers(),
    )


def absence_report(o: Occasion) -> Sheet:
    """The school tells the municipality (and the parents) about absence without leave."""
    days = sorted({o.before(2, 28) for _ in range(6)})
    return Sheet(
        school_sender(o.school),
        o.day,
        _town(o),
        "Melding ongeoorloofd verzuim",
        f"Ongeoorloofd verzuim {o.pupil.full_name}",
        (
            Text("Geachte leerplichtambtenaar,"),
            Text(f"Hierbij melden wij het verzuim van onze leerling {o.who()}."),
            Text(
                f"{o.name} was in de afgelopen vier weken meer dan zestien uur afwezig zonder dat daar een "
                f"geldige reden voor is gegeven. De leerkracht, {o.teacher}, heeft de ouders ({o.carers}) "
                f"{o.pick('twee', 'drie')} keer gebeld."
            ),
            Grid(
                ("Datum", "Dagdeel", "Reden volgens ouders"),
                tuple(
                    (o.on(day), o.pick("hele dag", "ochtend", "middag"), o.pick("geen", "ziek", "geen gehoor"))
                    for day in days
                ),
            ),
            Text("Wij verzoeken u contact op te nemen met het gezin en ons te laten weten wat u heeft afgesproken."),
            Text("Hoogachtend,"),
            Signatures(((o.head, "directeur"),)),
        ),
        recipient=(MUNICIPALITY.name, *MUNICIPALITY.lines[:4]),
    )


def leave_request(o: Occasion) -> Sheet:
    """Parents ask for days off outside the holidays."""
    first = o.day + timedelta(days=o.rng.randint(20, 60))
    return Sheet(
        school_sender(o.school),
        o.day,
        _town(o),
        "Aanvraag verlof buiten de schoolvakanties",
        f"Verlofaanvraag {o.pupil.full_name}",
        (
            Fields(o.who_fields()),
            Fields(
                (
                    ("Aangevraagd door", o.carer),
                    ("Eerste dag", o.on(first)),
                    ("Laatste dag", o.on(first + timedelta(days=o.rng.randint(0, 4)))),
                )
            ),
            Ticks(
                "Reden van het verzoek",
                (
                    (True, o.pick("huwelijk van familie", "begrafenis of crematie", "jubileum van grootouders")),
                    (False, "verhuizing"),
                    (False, "aard van het beroep van de ouder (voeg werkgeversverklaring toe)"),
                ),
            ),
            Text("Een verzoek voor vakantieverlof van meer dan tien schooldagen gaat naar de leerplichtambtenaar."),
            Ticks("Besluit van de directeur", ((True, "toegekend"), (False, "niet toegekend"))),
            Signatures(((o.carer, "ouder/verzorger"), (o.head, "directeur")), dated=True),
        ),
    )


def photo_consent(o: Occasion) -> Sheet:
    """What parents allow with photos and films of their child."""
    purposes = (
        "de website van de school",
        "de schoolgids en de nieuwsbrief",
        "het ouderportaal",
        "sociale media van de school",
        "films voor de opleiding van leerkrachten",
    )
    return Sheet(
        school_sender(o.school),
        o.day,
        _town(o),
        "Toestemming foto's en video's",
        f"Gebruik van foto's en video's - {o.pupil.full_name}",
        (
            Text(
                "Op onze school maken wij foto's en video's van activiteiten. Daarvoor vragen wij uw "
                "toestemming. U mag altijd terugkomen op uw keuze; de school gebruikt het beeld dan niet meer."
            ),
            Fields(o.who_fields()),
            Ticks(
                "Ondergetekende geeft de school toestemming om beeld van het kind te gebruiken voor:",
                tuple((o.rng.random() < 0.6, purpose) for purpose in purposes),
            ),
            Text(f"Deze verklaring geldt voor het schooljaar {school_year_of(o.day)} en later, tot u haar intrekt."),
            Signatures(((o.carer, "naam ouder/verzorger"),), dated=True),
        ),
        footer="Artikel 7 van de Algemene verordening gegevensbescherming (van toepassing sinds 25 mei 2018)",
    )


def address_change(o: Occasion) -> Sheet:
    """Parents tell that they have moved."""
    moved = o.day - timedelta(days=o.rng.randint(3, 20))
    return Sheet(
        home_sender(o),
        o.day,
        _town(o),
        "Wijziging adresgegevens",
        o.pick("Verhuizing", "Nieuw adres"),
        (
            Text(f"Beste {o.office.split()[0]},"),
            Text(f"Op {o.on(moved)} zijn wij verhuisd. Wilt u ons nieuwe adres in het systeem zetten van {o.who()}?"),
            Fields(
                (
                    ("Nieuw adres", o.address.street),
                    ("Postcode/plaats", " ".join(o.address.lines()[1].split())),
                    ("Telefoon", f"06-{o.rng.randint(10, 58)} {o.rng.randint(10, 99)} 00 {o.rng.randint(10, 99)}"),
                )
            ),
            Text("Het telefoonnummer van oma, voor noodgevallen, blijft hetzelfde. Alvast bedankt!"),
            Text("Groeten,"),
            Signatures(((o.carer, f"{o.pupil.carers[0].relation} van {o.pupil.call_name}"),)),
        ),
        recipient=o.to_school("de administratie"),
    )


def contribution_invoice(o: Occasion) -> Sheet:
    """The bill for the voluntary contribution and the school trip."""
    base, trip = o.rng.choice((35, 40, 45)), o.rng.choice((30, 85))
    return Sheet(
        school_sender(o.school),
        o.day,
        _town(o),
        "Factuur",
        f"Vrijwillige ouderbijdrage {school_year_of(o.day)}",
        (
            Text(o.dear_carers()),
            Text(
                "Ook dit jaar organiseren we sinterklaas, het kerstdiner en de schoolreis. Daarvoor vragen "
                "we een bijdrage."
            ),
            Fields((("Voor", o.who()),)),
            Grid(
                ("Omschrijving", "Bedrag"),
                (
                    (f"Bijdrage {school_year_of(o.day)}", f"€ {base},00"),
                    (o.pick("Schoolreis", "Schoolkamp"), f"€ {trip},00"),
                    ("Totaal", f"€ {base + trip},00"),
                ),
                (0.7, 0.3),
            ),
            Text(
                f"Wilt u het bedrag voor {o.on(o.day + timedelta(days=30))} overmaken naar NL00 DEMO 0123 "
                "4567 89 op naam van "
                "de ouderraad, onder vermelding van het factuurnummer? De bijdrage is vrijwillig: ieder kind "
                "mag meedoen."
            ),
            Text("Met vriendelijke groet,"),
            Text(f"{o.office}, namens de penningmeester van de ouderraad"),
        ),
        recipient=o.to_carers(),
        references=(("Factuurnummer", f"{o.day.year}-{o.rng.randint(100, 999)}"),),
    )


def exemption_decision(o: Occasion) -> Sheet:
    """The municipality decides that a child need not go to school for a time."""
    asked = o.before(20, 50)
    until = o.day + timedelta(days=180)
    return Sheet(
        MUNICIPALITY,
        o.day,
        "Oeverzand",
        "Besluit",
        "Besluit op uw beroep op vrijstelling van geregeld schoolbezoek",
        (
            Text(f"Geachte {'heer/mevrouw'} {o.carer.split(' ', 1)[1] if ' ' in o.carer else o.carer},"),
            Text(
                f"Op {o.on(asked)} ontvingen wij uw verzoek voor {o.who()}, ingeschreven bij basisschool "
                f"{o.school.name}. "
                "U doet een beroep op vrijstelling op grond van artikel 11 van de Leerplichtwet 1969."
            ),
            Heading("Besluit"),
            Text(
                f"Wij verlenen {o.name} vrijstelling van de verplichting om de school geregeld te bezoeken, "
                f"van {o.on(o.day)} tot {o.on(until)}, voor {o.pick('twee dagdelen', 'drie dagdelen')} per week."
            ),
            Heading("Overwegingen"),
            Bullets(
                (
                    "De jeugdarts heeft geadviseerd dat volledige deelname aan het onderwijs nu niet mogelijk is.",
                    "De school heeft laten weten dat zij het onderwijs op de overige dagdelen verzorgt.",
                    "De wet is gewijzigd op 1 januari 2023; de nieuwe regels zijn toegepast.",
                )
            ),
            Heading("Bezwaar"),
            Text("Bent u het niet eens met dit besluit, dan kunt u binnen zes weken na verzending bezwaar maken."),
            Text("Namens burgemeester en wethouders van Oeverzand,"),
            Signatures((("T. Schuurhuis", "leerplichtambtenaar"),)),
        ),
        recipient=(f"De ouders van {o.pupil.full_name}", *o.address.lines()),
        references=(("Ons kenmerk", f"LP-{o.day.year}/{o.rng.randint(1000, 9999)}"), ("Afschrift aan", o.school.name)),
    )
