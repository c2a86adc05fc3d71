"""Papers that a school seldom gets: not in the demo pile, but recognition is measured on them too."""

from dms.demo.letters.occasion import Occasion
from dms.demo.letters.senders import school_sender
from dms.demo.letters.sheet import Bullets, Fields, Grid, Heading, Sheet, Signatures, Text
from dms.kernel.schoolyear import school_year_of


def not_placed(o: Occasion) -> Sheet:
    """The school tells parents that it cannot place their child."""
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        "Besluit op uw aanmelding",
        o.pick("Besluit: uw kind kan niet geplaatst worden", "Afwijzing van de aanmelding"),
        (
            Text(o.dear_carers()),
            Text(
                f"U heeft {o.who()} bij ons aangemeld. Wij hebben zorgvuldig gekeken of wij {o.him} een goede plek "
                "kunnen bieden. De groep zit vol, en wij kunnen de ondersteuning die nodig is daar niet geven."
            ),
            Text(f"Daarom laten wij {o.name} niet toe. De plaats op de wachtlijst blijft behouden tot de zomer."),
            Text("U kunt binnen zes weken bezwaar maken bij het bestuur."),
            Text("Met vriendelijke groet,"),
            Signatures(((o.head, "directeur"),)),
        ),
        recipient=o.to_carers(),
    )


def number_statement(o: Occasion) -> Sheet:
    """The form with which parents give the citizen's service number."""
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        o.pick("Opgave burgerservicenummer", "Registratie BSN"),
        f"Burgerservicenummer {o.pupil.full_name}",
        (
            Text("Scholen zijn verplicht het persoonsgebonden nummer van iedere leerling vast te leggen."),
            Fields((*o.who_fields(), ("BSN", o.pupil.bsn or "volgt"))),
            Text("Overgenomen van: uittreksel uit de basisregistratie personen. Er is geen kopie gemaakt."),
            Signatures(((o.office, "administratie"), (o.carer, "ouder/verzorger")), dated=True),
        ),
    )


def placement_report(o: Occasion) -> Sheet:
    """How a pupil did at a place of work."""
    return Sheet(
        school_sender(o.school),
        o.day,
        o.school.address.town,
        o.pick("Stageverslag", "Beoordeling stage"),
        f"Stage {o.pupil.full_name}",
        (
            Fields((*o.who_fields(), ("Stageplek", o.pick("kinderboerderij", "bibliotheek", "bakkerij")))),
            Grid(
                ("Onderdeel", "Oordeel"),
                tuple((x, o.pick("goed", "voldoende", "groeit")) for x in ("Op tijd", "Samenwerken", "Uitleg volgen")),
                (0.6, 0.4),
            ),
            Heading("Wat de begeleider zegt"),
            Text(f"{o.name} werkt netjes en vraagt om hulp als {o.he} iets niet weet."),
            Bullets(("Nog oefenen: zelf beginnen.", "Trots op: de verzorging van de dieren.")),
            Text(f"Periode: schooljaar {school_year_of(o.day)}."),
            Signatures((("R. Groenhof", "stagebegeleider"), (o.teacher, "leerkracht"))),
        ),
    )
