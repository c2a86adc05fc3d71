"""The pupils that tests and demonstrations ask for by name: twins, namesakes, prefixes, difficult letters.

Only data, in the order of the lists. A family is a key: pupils with the same key share address and carers.
Birth dates are relative: the n-th day of the year group's window (see `families.birth_window`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpecialPupil:
    """An explicit pupil. `day` picks the birth date inside the window of the year group (0 to 300).

    `bsn` says which number the administration has: `bsn`, `onderwijsnummer` or nothing.
    """

    call_name: str
    prefix: str
    surname: str
    sex: str
    group: str
    year: int
    family: str
    day: int
    given_names: str = ""
    number: str = ""
    bsn: str = "bsn"
    secret_address: bool = False


@dataclass(frozen=True, slots=True)
class SpecialCarer:
    """An explicit carer of a family; a family not listed gets invented ones."""

    family: str
    name: str
    relation: str
    authority: bool = True
    email: str = ""


_P = SpecialPupil
_C = SpecialCarer

REGENBOOG_PUPILS = (
    # the cast
    _P("Joris", "", "Hazelhoff", "M", "groep 7", 7, "joris", 61, "Joris Willem", "10427"),
    _P("Yasmina", "el", "Khattabi", "V", "groep 5a", 5, "yasmina", 140, "Yasmina", "10583"),
    # twins: same surname, birth date and address
    _P("Sem", "van der", "Berg", "M", "groep 7", 7, "vdberg", 95, "Samuel Johannes", "001307"),
    _P("Saar", "van der", "Berg", "V", "groep 7", 7, "vdberg", 95, "Sara Johanna", "001308"),
    _P("Elif", "", "Gümüş", "V", "groep 6", 6, "gumus", 210, "Elif", "10611"),
    _P("Can", "", "Gümüş", "M", "groep 6", 6, "gumus", 210, "Can", "10612"),
    _P("Łukasz", "", "Nowak", "M", "groep 4", 4, "nowak", 33, "Łukasz Jan", "10702"),
    _P("Zofia", "", "Nowak", "V", "groep 4", 4, "nowak", 33, "Zofia Anna", "10703"),
    _P("Zoë", "", "Hendriks", "V", "groep 3a", 3, "hendriks", 250, "Zoë Louise", "10761"),
    _P("Luca", "", "Hendriks", "M", "groep 3b", 3, "hendriks", 250, "Luca Hendrik", "10762"),
    _P("Mila", "van 't", "Hof", "V", "1/2 b", 2, "vanthof", 12, "Mila", "10850"),
    _P("Noah", "van 't", "Hof", "M", "1/2 b", 2, "vanthof", 12, "Noah Pieter", "10851"),
    # a sister of twins, and the same surname in a family of its own
    _P("Fenna", "van der", "Berg", "V", "groep 4", 4, "vdberg", 180, "Fenna Maria", "001412"),
    _P("Şeyma", "", "Gümüş", "V", "groep 8a", 8, "gumus-2", 77, "Şeyma", "10321"),
    # namesakes: same call name and surname, another birth date
    _P("Emma", "de", "Vries", "V", "groep 3a", 3, "devries-1", 40, "Emma Catharina", "10770"),
    _P("Emma", "de", "Vries", "V", "groep 8b", 8, "devries-2", 200, "Emma Sophia", "10299"),
    # a first name that is somebody else's surname
    _P("Thomas", "", "Mulder", "M", "groep 5b", 5, "mulder-t", 66, "Thomas", "10540"),
    _P("Lieke", "", "Thomas", "V", "groep 5b", 5, "thomas", 122, "Angelique Maria", "10541"),
    _P("Simon", "", "Peters", "M", "groep 6", 6, "peters-s", 288, "Simon Jacob", "10630"),
    _P("Eva", "", "Simon", "V", "groep 6", 6, "simon", 17, "Eva Johanna", "10631"),
    _P("Jasmijn", "", "Lucas", "V", "groep 8a", 8, "lucas", 145, "Jasmijn", "10335"),
    _P("Lucas", "de", "Groot", "M", "groep 8a", 8, "degroot-l", 231, "Lucas Antonius", "10336"),
    # prefixes, hyphens, difficult letters, a single name
    _P("Finn", "v.d.", "Heuvel", "M", "groep 5a", 5, "vdheuvel", 9, "Finn Cornelis", "10571"),
    _P("Fleur", "", "Bakker-Jansen", "V", "groep 7", 7, "bakker-jansen", 270, "Fleur Elisabeth", "10455"),
    _P("Anne-Fleur", "op den", "Kamp", "V", "groep 4", 4, "opdenkamp", 101, "Anne-Fleur", "10718"),
    _P("Pieter-Jan", "", "de Wilde-'t Hart", "M", "groep 3b", 3, "dewilde", 163, "Pieter Johannes", "10779"),
    _P("José", "", "Fernández", "M", "groep 6", 6, "fernandez", 190, "José María", "10644", bsn="onderwijsnummer"),
    _P("Renée", "van", "Dijk", "V", "groep 7", 7, "vandijk-r", 20, "Renée Margaretha", "10433"),
    _P("Małgorzata", "", "Wójcik", "V", "1/2 a", 1, "wojcik", 88, "Małgorzata", "10901", bsn="onderwijsnummer"),
    _P("Suparti", "", "", "V", "1/2 c", 2, "suparti", 201, "Suparti", "10866", bsn=""),
    _P("Max", "de", "Boer", "M", "groep 8b", 8, "deboer-m", 55, "Maximiliaan", "000981"),
    _P("Sanne", "", "Jansen", "V", "groep 6", 6, "jansen-s", 129, "Susanna Maria", "10655"),
    _P("Dae", "", "Aartsen", "V", "1/2 a", 2, "aartsen", 44, "Dae", "10877", secret_address=True),
    _P("Nour", "al", "Masri", "V", "groep 5b", 5, "almasri", 299, "Nour", "10559", bsn="", secret_address=True),
)

REGENBOOG_CARERS = (
    _C("joris", "Hanna Kuipers", "moeder", email="hanna@deregenboog.example"),
    _C("joris", "Ivo Hazelhoff", "vader", email="ivo@deregenboog.example"),
    _C("yasmina", "Naima Bouzidi", "moeder", email="naima.bouzidi@post.example"),
    _C("yasmina", "Karim el Khattabi", "vader", authority=False, email="karim@deregenboog.example"),
    _C("vdberg", "Johan van der Berg", "vader", email="vanderberg@familie.example"),
    _C("vdberg", "Esther Smits", "moeder", email="vanderberg@familie.example"),
    _C("dewilde", "Johanna de Wilde", "oma", email="j.dewilde@mijnmail.example"),
    _C("almasri", "Rania al Masri", "moeder", email="rania.almasri@post.example"),
    _C("jansen-s", "Frank Jansen", "pleegouder", authority=False, email="frank.jansen@thuis.example"),
    _C("jansen-s", "Jeugdbescherming Oeverzand", "voogd", email="voogdij@jbo.example"),
)

KOMPAS_PUPILS = (
    # the same name and the same number as a pupil of De Regenboog: two schools, two children
    _P("Sanne", "", "Jansen", "V", "groep 6", 6, "k-jansen", 15, "Sanne Petronella", "10655"),
    _P("Tycho", "van", "Santen", "M", "groep 7", 7, "k-vansanten", 110, "Tycho", "10427"),
    _P("Ayşe", "", "Koç", "V", "groep 7", 7, "k-koc", 205, "Ayşe", "000042"),
    _P("Jip", "de", "Bruin", "M", "groep 6", 6, "k-debruin", 71, "Johannes", "000043"),
    _P("Janneke", "de", "Bruin", "V", "groep 6", 6, "k-debruin", 71, "Johanna", "000044"),
)

LYCEUM_PUPILS = (_P("Lotte", "", "Wiersma", "V", "V5b", 5, "l-wiersma", 305, "Charlotte Anna", "204418"),)

LYCEUM_CARERS = (
    _C("l-wiersma", "Nienke Postma", "moeder", email="nienke.postma@post.example"),
    _C("l-wiersma", "Sjoerd Wiersma", "vader", email="sjoerd.wiersma@thuis.example"),
)
