"""The three demo schools with their cast, pupils and carers. The same seed and school year give the same people."""

from dataclasses import replace

from dms.demo import special
from dms.demo.chance import repeatable
from dms.demo.enrol import Enroller
from dms.demo.facts import Address, Carer, DemoPupil, Group, Member, School
from dms.demo.pupil_list import write_pupils_csv
from dms.kernel.schoolyear import SchoolYear

__all__ = [
    "Address",
    "Carer",
    "DemoPupil",
    "Group",
    "Member",
    "School",
    "demo_schools",
    "kompas",
    "lyceum_noord",
    "regenboog",
    "write_pupils_csv",
]

DEFAULT_SEED = 20

_REGENBOOG_GROUPS = (
    Group("1/2 a", (1, 2), "Wilma Dijkman"),
    Group("1/2 b", (1, 2), "Joke Verkerk"),
    Group("1/2 c", (1, 2), "Sabine Oost"),
    Group("groep 3a", (3,), "Margriet Zwart"),
    Group("groep 3b", (3,), "Henk Tuinstra"),
    Group("groep 4", (4,), "Fatima Belhaj"),
    Group("groep 5a", (5,), "Roelof Venema"),
    Group("groep 5b", (5,), "Charlotte Baas"),
    Group("groep 6", (6,), "Tineke Lammers"),
    Group("groep 7", (7,), "Bram Elzinga"),
    Group("groep 8a", (8,), "Gerda Noordhuis"),
    Group("groep 8b", (8,), "Sven Akkerman"),
)

# (group, year group, school years ago, at the end of the year)
_LEAVERS = (
    *(("groep 8a", 8, 1, True),) * 5,
    *(("groep 8b", 8, 1, True),) * 5,
    *(("groep 8a", 8, 2, True),) * 3,
    ("groep 8a", 8, 3, True),
    ("groep 8a", 8, 4, True),
    *(("groep 8a", 8, 6, True),) * 2,
    ("groep 8a", 8, 7, True),
    ("groep 4", 4, 1, False),
    ("groep 6", 6, 1, False),
    ("1/2 b", 2, 2, False),
    ("groep 5a", 5, 3, False),
    ("groep 7", 7, 3, False),
    ("groep 3a", 3, 6, False),
)


def regenboog(seed: int, year: SchoolYear) -> School:
    """De Regenboog: 300 pupils, of whom 276 in 12 groups and 24 who have left."""
    enroller = Enroller(repeatable("regenboog", seed), year, first_number=10910)
    named = enroller.special(special.REGENBOOG_PUPILS, special.REGENBOOG_CARERS)
    pupils = [*named, *enroller.fill(_REGENBOOG_GROUPS, named, 23), *enroller.former(_LEAVERS)]
    by_name = {pupil.call_name: pupil.number for pupil in named}
    domain = "deregenboog.example"
    members = (
        Member("Anouk Terlouw", f"anouk@{domain}", "administratie", "administratie"),
        Member("Bram Elzinga", f"bram@{domain}", "mentor", "leerkracht groep 7", group="groep 7"),
        Member("Carla Meindertsma", f"carla@{domain}", "intern_begeleider", "intern begeleider"),
        Member("Dirk Hollander", f"dirk@{domain}", "directeur", "directeur"),
        Member("Esra Polat", f"esra@{domain}", "fg", "functionaris gegevensbescherming"),
        Member("Femke Straatsma", f"femke@{domain}", "archiefbeheerder", "archiefbeheerder"),
        Member("Gijs Roelands", f"gijs@{domain}", "applicatiebeheerder", "applicatiebeheerder"),
        Member("Hanna Kuipers", f"hanna@{domain}", "ouder", pupil_numbers=(by_name["Joris"],)),
        Member("Ivo Hazelhoff", f"ivo@{domain}", "ouder", pupil_numbers=(by_name["Joris"],)),
        Member("Karim el Khattabi", f"karim@{domain}", "ouder", pupil_numbers=(by_name["Yasmina"],)),
        Member("Nadia Ouchene", "nadia@swvdelta.example", "extern", "adviseur samenwerkingsverband", by_link=True),
    )
    return School(
        brin="99XX",
        name="De Regenboog",
        board="Stichting Horizon",
        sector="po",
        domain=domain,
        address=Address("Wilgenlaan 12", "3999 KB", "Oeverzand"),
        phone="0999 - 41 20 30",
        school_year=year,
        groups=_REGENBOOG_GROUPS,
        members=members,
        pupils=tuple(pupils),
    )


def kompas(seed: int, year: SchoolYear) -> School:
    """Het Kompas, of another board: 40 pupils in two groups; one shares name and number with De Regenboog."""
    groups = (Group("groep 6", (6,), "Anita Roskam"), Group("groep 7", (7,), "Mees Verdonk"))
    enroller = Enroller(repeatable("kompas", seed), year, first_number=10410)
    named = enroller.special(special.KOMPAS_PUPILS, ())
    return School(
        brin="99ZZ",
        name="Het Kompas",
        board="Stichting Kompas",
        sector="po",
        domain="hetkompas.example",
        address=Address("Havenkade 3", "3998 AD", "Oeverzand"),
        phone="0999 - 55 61 70",
        school_year=year,
        groups=groups,
        members=(Member("Mees Verdonk", "mees@hetkompas.example", "mentor", "leerkracht groep 7", group="groep 7"),),
        pupils=(*named, *enroller.fill(groups, named, 20)),
    )


def lyceum_noord(seed: int, year: SchoolYear) -> School:
    """Lyceum Noord, secondary: 10 pupils in two classes, Lotte (16) among them."""
    groups = (Group("V5b", (5,), "Ruth Scheltema"), Group("H4a", (4,), "Jan-Willem Stolk"))
    enroller = Enroller(repeatable("lyceum", seed), year, first_number=204500, offset=8)
    named = enroller.special(special.LYCEUM_PUPILS, special.LYCEUM_CARERS)
    domain = "lyceumnoord.example"
    # sixteen all through this school year: born on its second day
    lotte = replace(named[0], birth_date=year.first_day.replace(year=year.start - 16, day=2), email=f"lotte@{domain}")
    return School(
        brin="00YY",
        name="Lyceum Noord",
        board="Stichting Noord",
        sector="vo",
        domain=domain,
        address=Address("Noorderdwarsvaart 88", "3998 TR", "Oeverzand"),
        phone="0999 - 70 11 22",
        school_year=year,
        groups=groups,
        members=(Member("Lotte Wiersma", f"lotte@{domain}", "leerling", group="V5b", pupil_numbers=(lotte.number,)),),
        pupils=(lotte, *enroller.fill(groups, [lotte], 5)),
    )


def demo_schools(seed: int, year: SchoolYear) -> tuple[School, School, School]:
    """De Regenboog, Het Kompas and Lyceum Noord, in that order."""
    return regenboog(seed, year), kompas(seed, year), lyceum_noord(seed, year)
