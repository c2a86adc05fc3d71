"""Papers that nobody can file without asking: no certain pupil, several pupils, or none of this school."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from dms.demo.facts import Address, DemoPupil, School
from dms.demo.letters import senders
from dms.demo.letters.occasion import Occasion
from dms.demo.letters.sheet import Bullets, Fields, Grid, Heading, Sender, Sheet, Signatures, Text

UNKNOWN_CHILDREN = (("Marnix", "Stoffelsen", "2017-03-08"), ("Jolijn", "ter Braake", "2016-11-21"))


def _siblings(school: School, pupil: DemoPupil) -> tuple[DemoPupil, ...]:
    return tuple(p for p in school.current_pupils if p.address == pupil.address and p.carers == pupil.carers)


def _shared(school: School, key: Callable[[DemoPupil], object]) -> list[DemoPupil]:
    counts = Counter(key(pupil) for pupil in school.current_pupils)
    return [pupil for pupil in school.current_pupils if counts[key(pupil)] > 1]


def sharing_initial(school: School) -> list[DemoPupil]:
    """Children of one family whose call names begin with the same letter."""
    return _shared(school, lambda p: (p.address, p.family_name, p.initials[:2], p.call_name[0]))


def sharing_name(school: School) -> list[DemoPupil]:
    """Pupils with a namesake at the same school."""
    return _shared(school, lambda p: p.full_name)


def sharing_call_name(school: School) -> list[DemoPupil]:
    """Pupils whose call name is in use more than once."""
    return _shared(school, lambda p: p.call_name)


def with_siblings(school: School) -> list[DemoPupil]:
    """Pupils with a brother or sister at the same school."""
    return [pupil for pupil in school.current_pupils if len(_siblings(school, pupil)) > 1]


def sick_note_surname_only(o: Occasion) -> Sheet:
    """A parent writes about "my child" with a surname and an initial that two children share."""
    child = f"{o.pupil.initials[:2]} {o.pupil.family_name}"
    return Sheet(
        senders.home_sender(o),
        o.day,
        o.address.town,
        "Brief",
        "Ziek",
        (
            Text("Beste juf of meester,"),
            Text(
                f"Mijn kind ({child}) is vandaag ziek: koorts en hoofdpijn. Wij denken dat het na het weekend "
                "weer gaat. Gisteren op "
                "school ging het ook al niet zo goed. Wilt u het huiswerk meegeven aan de buren?"
            ),
            Text("Groet,"),
            Signatures(((f"fam. {o.pupil.family_name}", ""),)),
        ),
        recipient=o.to_school(),
    )


def namesake_note(o: Occasion) -> Sheet:
    """A name that two pupils have, and nothing else."""
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Gespreksverslag",
        f"Telefoongesprek over {o.pupil.full_name}",
        (
            Text(f"Vanochtend gebeld door de moeder van {o.pupil.full_name}."),
            Text(
                f"Moeder maakt zich zorgen omdat {o.name} de laatste tijd stil is en niet meer wil afspreken. "
                "Ik heb gezegd dat we er op "
                "school op letten en dat de leerkracht deze week terugbelt. Moeder wil ook graag weten wie "
                "er volgend jaar voor de groep staat."
            ),
            Text("Actie: leerkracht belt terug; ik leg het voor aan de intern begeleider."),
            Text(o.office),
        ),
        recipient=("team",),
    )


def call_name_only(o: Occasion) -> Sheet:
    """A note with a call name that several children have."""
    return Sheet(
        Sender(o.pick("mama", "oma", "papa") + f" van {o.name}", ()),
        o.day,
        o.address.town,
        "Briefje",
        f"{o.name} eerder weg",
        (
            Text("Hallo juf,"),
            Text(
                f"{o.name} moet morgen om 11 uur naar de tandarts. Ik kom {o.him} om kwart voor 11 halen bij "
                f"de voordeur. 's Middags is {o.he} er weer gewoon."
            ),
            Text("Bedankt en tot morgen!"),
        ),
    )


def letter_about_two(o: Occasion) -> Sheet:
    """One letter about two brothers or sisters."""
    children = _siblings(o.school, o.pupil)[:2]
    names = " en ".join(f"{child.full_name} ({child.group})" for child in children)
    until = o.day + timedelta(days=14)
    return Sheet(
        senders.home_sender(o),
        o.day,
        o.address.town,
        "Brief",
        "Afspraken over ophalen",
        (
            Text("Geachte directie,"),
            Text(
                f"Vanaf {o.on(until)} haalt mijn zus onze kinderen {names} op dinsdag en donderdag op. Wilt u "
                "dit doorgeven aan de leerkrachten en de buitenschoolse opvang?"
            ),
            Text("Op de andere dagen blijft alles zoals het is. U kunt mij bellen als er iets onduidelijk is."),
            Text("Met vriendelijke groet,"),
            Signatures(((o.carer, "ouder"),)),
        ),
        recipient=o.to_school(o.head),
    )


def unknown_child(o: Occasion) -> Sheet:
    """An agency writes about a child who is not at this school."""
    first, last, born = o.rng.choice(UNKNOWN_CHILDREN)
    year, month, day = born.split("-")
    return Sheet(
        senders.YOUTH_CARE,
        o.day,
        "Oeverzand",
        "Verzoek om informatie",
        f"Verzoek om informatie over {first} {last}",
        (
            Text("Geachte heer, mevrouw,"),
            Text(
                f"Bij ons is in behandeling {first} {last}, geboren {day}-{month}-{year}. Volgens de ouders "
                f"gaat {first} naar uw school. "
                "Voor ons onderzoek ontvangen wij graag informatie over de leerresultaten, het gedrag in de "
                "groep en het verzuim."
            ),
            Bullets(
                (
                    "Hoe is de concentratie tijdens zelfstandig werken?",
                    "Hoe gaat het contact met andere kinderen?",
                    "Zijn er zorgen die u met de ouders heeft besproken?",
                )
            ),
            Text("De ouders hebben hiervoor schriftelijk toestemming gegeven; een kopie is bijgevoegd."),
            Signatures((("Rachna Dewnarain", "jeugd- en gezinscoach"),)),
        ),
        recipient=o.to_school(o.care_coordinator),
        references=(("Cliëntnummer", str(o.rng.randint(10000, 99999))),),
    )


def group_plan(o: Occasion) -> Sheet:
    """The plan of a whole group for one subject, with many names in it."""
    children = sorted((p for p in o.school.current_pupils if p.group == o.pupil.group), key=lambda p: p.surname)
    chosen = o.rng.sample(children, 12)
    thirds = ("Intensieve groep", chosen[:4]), ("Basisgroep", chosen[4:9]), ("Verrijkingsgroep", chosen[9:])
    subject = o.pick("rekenen", "spelling", "begrijpend lezen")
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        f"Groepsplan {subject} {o.pupil.group}",
        f"Groepsplan {subject} {o.pupil.group}",
        (
            Fields(
                (
                    ("Groep", o.pupil.group.removeprefix("groep ")),
                    ("Leerkracht", o.teacher),
                    ("Vak", subject),
                    ("Periode", f"{o.on(o.day)} - {o.on(o.day + timedelta(days=70))}"),
                )
            ),
            Grid(
                ("Subgroep", "Leerlingen", "Doel", "Aanpak"),
                tuple(
                    (name, ", ".join(child.full_name for child in members), goal, approach)
                    for (name, members), (goal, approach) in zip(
                        thirds,
                        (
                            ("minimaal niveau IV", "verlengde instructie aan de instructietafel, vier keer per week"),
                            ("minimaal niveau III", "basisinstructie en zelfstandig verwerken"),
                            ("niveau I", "compacten, verrijkingsstof, een keer per week overleg"),
                        ),
                        strict=True,
                    )
                ),
                (0.23, 0.35, 0.16, 0.26),
            ),
            Heading("Evaluatie"),
            Text(
                "Na de tussentoets wordt bekeken welke kinderen van subgroep wisselen. De intern begeleider leest mee."
            ),
            Text(o.teacher),
        ),
    )


def newsletter(o: Occasion) -> Sheet:
    """A letter to all parents of a group."""
    trip = o.day + timedelta(days=21)
    return Sheet(
        senders.school_sender(o.school),
        o.day,
        o.school.address.town,
        "Nieuws uit de groep",
        f"Informatie voor ouders van {o.pupil.group}",
        (
            Text("Beste ouders,"),
            Text(
                f"Op {o.on(trip)} gaan we met de hele groep naar het natuurmuseum. We vertrekken om 8.45 uur "
                "met de bus en zijn om 14.30 "
                "uur terug. Geeft u een lunchpakket en een regenjas mee? Telefoons blijven thuis."
            ),
            Text("We zoeken nog vier ouders die mee willen. U kunt zich opgeven via de intekenlijst bij de deur."),
            Text("Verder: de luizencontrole is verplaatst, en maandag is er geen gym."),
            Text(f"Groeten, {o.teacher}"),
        ),
        recipient=(f"Aan alle ouders van {o.pupil.group}",),
    )


def other_school_child(o: Occasion) -> Sheet:
    """A form in which the birth date does not belong to the name: one of the two is wrong."""
    wrong = o.pupil.birth_date.replace(
        year=o.pupil.birth_date.year - 2, month=(o.pupil.birth_date.month % 12) + 1, day=9
    )
    address = Address("Tulpstraat 18", "3996 DS", "Westerdam")
    return Sheet(
        senders.GENERAL_PRACTICE,
        o.day,
        "Oeverzand",
        "Brief",
        f"{o.pupil.initials} {o.pupil.family_name}, geb. {o.on(wrong)}",
        (
            Text("Geachte collega,"),
            Text(
                f"Bovengenoemd kind ({', '.join(address.lines())}) zag ik op mijn spreekuur wegens buikpijn "
                "op schooldagen. Lichamelijk "
                "onderzoek gaf geen afwijkingen. Graag verneem ik of er op school iets speelt."
            ),
            Text("Met vriendelijke groet,"),
            Signatures((("H. Brandsma", "huisarts"),)),
        ),
        recipient=o.to_school("de intern begeleider"),
    )
