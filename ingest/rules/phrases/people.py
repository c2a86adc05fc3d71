"""Words that say as whom somebody is named, as regular expressions on folded lower-case text."""

# The document is about this person.
PUPIL = (
    r"(?:naam|namen|gegevens|personalia|voornaam|achternaam|roepnaam)(?: van)?(?: de| het| uw| je)? ?(?:leerling|"
    r"kind|client|patient|kandidaat|student|"
    r"zoon|dochter|jeugdige)\w*",
    r"leerling(?:gegevens)?(?:\(e\))?(?! ?(?:nummer|nr|volg|zorg|raad|besprek|admin|dossier|aantal|en\b))|"
    r"naarn leerling|leer1ing|leerlinq",
    r"(?:uw|onze|mijn|hun|haar|zijn) (?:zoon|dochter|kind|zoontje|dochtertje)(?: en leerling)?",
    r"\b(?:zoon|dochter|kind|kandidaat|client|patient|pupil|student|stagiaire?|jeugdige|betrokkene)\b",
    r"\bbetreft\b|\bbetreffende\b|\binzake\b|\bonderwerp\b|\bsubject\b|\bten aanzien van\b|\b(?:m\.?b\.?t\.?|"
    r"t\.?a\.?v\.?) (?:leerling|kind)",
)
# Somebody else: never decides whose the document is.
OTHER = (
    r"\b(?:ouders?|verzorgers?|verzorgsters?|vader|moeder|vaders|moeders|papa|mama|stiefvader|stiefmoeder|"
    r"pleegouders?|pleegvader|pleegmoeder|"
    r"voogd|gezinsvoogd|grootouders?|opa|oma|tante|oom|broers?|zus|zussen|broertjes?|zusjes?|tweelingbroer|"
    r"tweelingzus|partner)\b",
    r"\b(?:gezaghebbende|wettelijk vertegenwoordiger|contactpersoon|noodnummer|bij afwezigheid)\w*",
    r"\b(?:leerkracht|leerkr|leraar|lerares|docente?|mentor|mentrix|juf|juffrouw|meester|mr|coach|begeleidst?er|tutor|"
    r"groepsleerkracht|groepsleerkrachten|leerkrachten|conrector|rector|teamleider|decaan|concierge|stagebegeleider)\b",
    r"\b(?:intern(?:e)? begeleid\w+|ib'?er|ib-er|i\.b\.|directeur|directrice|directie|schoolleid\w+|locatieleid\w+|"
    r"zorgcoordinator|kwaliteitscoordinator|"
    r"bestuurder|bestuur|administrati\w+|secretari\w+|managementassistent\w*)\b",
    r"\b(?:orthopedago\w+|psycholo\w+|gz-psycholo\w+|logopedis\w+|huisarts|kinderarts|schoolarts|jeugdarts|arts|"
    r"tandarts|specialist|"
    r"fysiotherapeut\w*|ergotherapeut\w*|therapeut\w*|psychiater|jeugdverpleegkundige|verpleegkundige|behandelaar|"
    r"diagnosticus|hulpverlener|"
    r"gezinscoach|jeugdconsulent|consulent\w*|maatschappelijk werk\w*|jeugdbeschermer|casemanager|verwijzer|"
    r"apotheek|apotheker)\b",
    r"\b(?:leerplichtambtenaar|ambtenaar|wijkagent|agent|politie|vertrouwenspersoon|vertrouwensinspecteur|melder|"
    r"klager|beklaagde|getuigen?)\b",
    r"\b(?:onderzoeker|rapporteur|verslaglegger|verslag door|notulist|voorzitter|auteur|opsteller|afnemer|"
    r"testleider|examinator|beoordelaar|"
    r"(?:opgesteld|ingevuld|gemeld|afgenomen|geschreven|uitgevoerd|ondertekend|getekend|opgemaakt|besproken|"
    r"aangevraagd|aangemeld|gesproken) (?:door|met)|"
    r"behandeld door|gesprek met|in overleg met)\b",
    r"\baanwezig\w*|\bdeelnemers\b|\bgesprekspartners?\b|\bhandtekening\w*|\bnaam ondertekenaar\b|\bnamens\b|"
    r"\bparaaf\b|\bafzender\b|\bfactuuradres\b",
    r"\bde heer\b|\bmevrouw\b|\bmeneer\b|\bdhr\b\.?|\bmevr\b\.?|\bmw\b\.?|\bdrs\b\.?|\bdr\b\.|\bir\b\.|\bmsc\b|"
    r"\bfamilie\b|\bfam\b\.?|\bprof\b\.?",
    r"^\W{0,3}(?:van|from|aan|to|cc|bcc|kopie aan|t\.a\.v\.?)(?=\s?:)|^\W{0,3}(?:geachte|beste|dag|hallo|lieve)\b",
)
# "the parents of", "the mentor of": what follows is the pupil again.
OF_PUPIL = (
    r"\b(?:ouder\(s\)|ouders?|verzorger\(s\)|verzorgers?|vader|moeder|voogd|ouder\(s\)? ?(?:/|en|"
    r"of) ?verzorger\(s\)|leerkracht|mentor|juf|meester|coach|"
    r"behandelaar|huisarts|broer|zus|broertje|zusje|opa|oma|begeleider)(?: (?:met|zonder|die) (?:het |ouderlijk )?"
    r"gezag(?: heeft)?)? (?:van|over)(?! (?:de |het )?(?:groep|klas|school|"
    r"[a-z]+school|team)\b)(?: de leerling\b| leerling\b| ons kind\b)?",
)
# "the son of": what follows is a carer.
OF_CARER = (r"\b(?:zoon|dochter|kind|kinderen|broer|zus|zoontje|dochtertje) van\b",)
# Headings whose lines below, until the next heading, are about one kind of person.
PUPIL_SECTION = (
    r"^\W*(?:\d+[.)]?\s*)?(?:algemene |persoons)?(?:gegevens|personalia|informatie)(?: over| van|"
    r" betreffende)?(?: de| het| uw)? ?(?:leerling|kind|client|kandidaat)\w*\W*$",
    r"^\W*(?:\d+[.)]?\s*)?(?:leerling|kind|client|kandidaat)(?:\s?-?gegevens)?\W*$",
    r"^\W*(?:[a-d\d]+[.)]?\s*)?(?:personalia|persoonsgegevens|leerlinggegevens)\W*$",
)
OTHER_SECTION = (
    r"^\W*(?:\d+[.)]?\s*)?(?:gegevens|personalia|informatie)(?: over| van)?(?: de| het| uw)? ?(?:ouder|verzorger|"
    r"vader|moeder|voogd|gezin|school|huisarts|"
    r"verzekering|aanvrager|onderzoeker|instelling|melder|klager|contactpersoon|werkgever)\S*(?: .{0,25})?\W*$",
    r"^\W*(?:\d+[.)]?\s*)?(?:ouder|ouders|verzorger|vader|moeder|voogd)(?:\(s\))?(?: ?(?:/|en|of) ?(?:verzorger|"
    r"voogd|moeder)(?:\(?s\)?)?)?\s?(?:[1-4]|een|twee)?(?:gegevens)?\W*$",
    r"^\W*(?:\d+[.)]?\s*)?(?:gezinssamenstelling|gezin|overige kinderen|broers? en zus\w*|broertjes en zusjes|"
    r"huisarts|ondertekening|handtekening\w*|aanwezig\w*|deelnemers|"
    r"contactpersonen|noodadres\w*|betrokken (?:personen|instanties|hulpverleners))\W*$",
    r"met (?:vriendelijke|hartelijke|collegiale|beste) groet|vriendelijke groet|hoogachtend|^\W*m\.?v\.?g\b|"
    r"^\W*(?:hartelijke )?groet(?:en|jes)?\b|^\W*liefs\b",
)
# Fields of a form that hold a part of a name.
SURNAME_FIELD = (r"\bachternaam\b|\bfamilienaam\b|\bgeslachtsnaam\b|\bachtemaam\b|\bsurname\b",)
GIVEN_FIELD = (
    r"\broepnaam\b|\bvoorna(?:am|men)\b(?! (?:ouder|vader|moeder))|\bvoomaam\b|\bvoorletters?\b|\broepnaarn\b",
)
NAME_FIELD = (r"\bnaam\b|\bnaarn\b|\bvolledige naam\b|\bname\b",)
# Between a word of role and a name these may stand.
BRIDGE = frozenset(
    {"van", "der", "den", "de", "het", "ten", "ter", "te", "en", "uw", "onze", "ons", "mijn", "dhr", "mevr", "mw",
     "drs", "dr", "heer", "mevrouw", "leerling", "naam",
     "el", "al", "la", "le", "di", "da", "t", "is", "was"}
)  # fmt: skip
# These belong to a name that is written before what its bearer is.
NAME_PARTS = frozenset({"van", "der", "de", "den", "ten", "ter", "het", "t", "v", "d"})
