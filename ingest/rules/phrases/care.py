"""Care: ZRG and SWV."""

from ingest.rules.phrases.vocabulary import Vocabulary

CARE: dict[str, Vocabulary] = {
    "ZRG-01": Vocabulary(
        {
            7: (
                "medicatie", "medicijnverstrekking", "medisch handelen", "toedienen van medicijnen", "allergie",
                "medicijnformulier", "toestemming medicijngebruik", "medisch protocol", "noodmedicatie",
                "allergieverklaring", "medicijngebruik", "medicijnverklaring", "medische handelingen",
                "verstrekken van medicijnen", "medicijnkaart", "toestemming medicijnen", "toestemming medicatie",
                "diabetesprotocol", "medicatieformulier", "verklaring medicatie", "toestemmingsformulier medicatie",
                "voedselallergie", "toestemming medicatieverstrekking", "toestemming voor het toedienen",
                "toestemmingsformulier medicijnen", "medicatieoverzicht", "toestemming medisch handelen",
                "toestemmingsverklaring medicijnen", "epilepsieprotocol", "medische gegevens", "dieet",
                "toestemmingsformulier medisch", "allergiepaspoort", "medicijnen", "calamiteitenplan allergie",
                "medicijnen op school", "geneesmiddel", "geneesmiddelen", "gebruik geneesmiddelen", "noodplan",
                "epilepsie", "astma", "anafylaxie", "voedselovergevoeligheid", "medisch noodplan",
                "behandelplan allergie", "allergieplan", "medicijnafspraken", "diabetes", "glutenvrij", "coeliakie",
                "medische informatie", "medicijninstructie", "protocol medicijnen", "medicijngebruik op school",
                "overeenkomst medicijnen", "gebruik van medicijnen", "handelen bij allergische reactie",
                "handelen bij epileptische", "medische fiche", "gezondheidsinformatie",
            ),
        },
        {
            2: (
                "dosering", "toediening", "tablet", "bijwerkingen", "insuline", "methylfenidaat", "ritalin",
                "concerta", "salbutamol", "ventolin", "epipen", "anafylacti", "pinda", "inhalator", "antihistaminic",
                "allergisch", "medicijn", "capsule", "tijdstip van inname", "innemen", "adrenaline", "notenallergie",
                "cetirizine", "wijze van toedien", "geneesmiddel", "noodmedicatie", "neusspray", "pufjes", "pufje",
                "auto-injector", "allergie voor", "noodplan", "allergische reactie", "112", "per dag", "glutenvrij",
                "epileptisch", "benauwd", "bloedsuiker", "zetpil", "midazolam", "stesolid", "bij een aanval", "bel 112",
                "wat te doen bij",
            ),
            1: (
                " mg", " ml", "astma", "epilepsie", "diabetes", "huisarts", "apotheek", "medicatie", "koemelk",
                "gluten", "noten", "koelkast", "aanval", "traktaties", "traktatie", "ernstige reactie", "jeuk",
            ),
        },
    ),
    "ZRG-02": Vocabulary(
        {
            7: (
                "logopedisch verslag", "logopedisch onderzoek", "verslag logopedie", "kinderfysiotherap",
                "fysiotherapeutisch verslag", "ergotherapeutisch verslag", "verslag ergotherapie",
                "verslag fysiotherapie", "zorgoverleg", "ondersteuningsteam", "multidisciplinair overleg", "zorgteam",
                "zorgadviesteam", "behandelplan", "behandelverslag", "schoolmaatschappelijk werk", "jeugdhulp",
                "verslag jeugdarts", "bericht jeugdgezondheidszorg", "jeugdgezondheidszorg", "hulpverleningsplan",
                "gezinsplan", "logopedische screening", "screening logopedie", "zorgbespreking",
                "evaluatie behandeling", "aanmelding jeugdhulp", "beschikking jeugdhulp", "terugkoppeling ggd",
                "verslag mdo", "mdo-verslag", "notulen mdo", "verslag zat", "voortgangsverslag logopedie",
                "eindverslag behandeling", "afsluitbrief", "ondersteuningsteamoverleg", "logopedische",
                "bericht van de kinderarts", "kinderarts", "verslag ondersteuningsoverleg", "zorgformulier",
                "speltherapie", "schoolarts", "evaluatieverslag logopedie", "verslag zorgteam",
                "eindverslag logopedie", "revalidatie", "psychomotorische therapie", "intakeverslag jeugdhulp",
                "ergotherapie", "jeugdarts", "afsluiting hulpverlening", "bevindingen gezondheidsonderzoek",
                "gezondheidsonderzoek", "voortgang behandeling", "verslag startoverleg", "startoverleg",
                "voortgang logopedie", "oefentherapie", "kinderoefentherapie", "jeugdverpleegkundige",
                "bericht jeugdarts", "zorgafspraak", "rondetafelgesprek", "ronde tafel overleg",
                "verslag casusoverleg", "casusoverleg", "verslag netwerkoverleg", "netwerkoverleg", "groot overleg",
                "plan jeugdhulp", "ondersteuningsplan gezin", "gezinsbegeleiding", "verslag kinderarts",
                "specialistenbrief", "poliklinisch consult", "visusonderzoek", "gehooronderzoek",
                "bevindingen onderzoek", "stotteren", "weerbaarheidstraining", "sociale vaardigheidstraining",
                "ambulante jeugdhulp", "verslag jeugdverpleegkundige", "consult jeugdarts",
            ),
            5: (
                "logopedie", "fysiotherapie", "jeugdzorg", "zorgdossier", "hulpverlening", "ggd", "wijkteam", "mdo",
                "behandeling",
            ),
            4: (
                "terugkoppeling", "eindrapportage", "voortgangsbericht", "tussentijdse rapportage", "eindverslag",
                "evaluatieverslag", "startverslag", "verslag overleg", "spraak", "therapie", "traject",
            ),
        },
        {
            2: (
                "logopedist", "fysiotherapeut", "ergotherapeut", "schoolmaatschappelijk werker", "jeugdarts",
                "behandeldoelen", "jeugdverpleegkundige", "gezinscoach", "sociaal wijkteam", "articulatie",
                "taalontwikkeling", "fijne motoriek", "jeugdconsulent", "gehoortest", "ogentest", "consult",
                "centrum voor jeugd en gezin", "hulpvraag", "hulp aan het gezin", "gezinsbegeleider", "gezinswerker",
                "huisbezoeken", "verwezen naar", "in behandeling", "behandeling bij mij", "overgewicht", "dietist",
                "stotteren", "gezichtsvermogen", "gehoor", "behandelfrequentie", "is de behandeling", "oefeningen",
                "wekelijks bij", "gedragstherapie", "psycholoog bij ons", "behandelaar", "ggz", "bij ons gezien",
                "bij ons onder behandeling", "angstklachten", "jeugdpsycholoog",
            ),
            1: (
                "behandeling", "hulpverlening", "jeugdhulp", "therapie", "ggd", "motoriek", "gezin", "zorg",
                "logopedie", "kinderarts", "kindercoach", "begeleiding thuis", "oefent", "praktijk",
            ),
        },
    ),
    "ZRG-03": Vocabulary(
        {
            7: (
                "ontwikkelingsperspectief", "ontwikkelingsperspectiefplan", "evaluatie ontwikkelingsperspectief",
                "opp-bespreking", "evaluatie opp", "opp-evaluatie", "bijstelling opp", "opp-gesprek",
                "handelingsdeel opp", "opp", "bespreking opp", "instemming opp", "instemming handelingsdeel",
                "ontwikkelingsperspectief 2", "perspectiefplan", "tussenevaluatie opp", "opp plan",
            ),
        },
        {
            3: (
                "uitstroombestemming", "uitstroomprofiel", "uitstroomniveau", "uitstroomperspectief", "hoorrecht",
                "verwachte uitstroom",
            ),
            2: (
                "handelingsdeel", "ontwikkelingsperspectief", "bevorderende factoren", "ondersteuningsbehoefte",
                "leerroute", "instemming van ouders", "leerling is gehoord", "stem van de leerling",
                "extra ondersteuning",
            ),
            1: ("belemmerende factoren", "opp", "onderwijsbehoeften", "eigen leerlijn", "doelen", "evaluatie"),
        },
    ),
    "ZRG-04": Vocabulary(
        {
            7: (
                "psychologisch onderzoek", "dyslexieonderzoek", "dyslexieverklaring", "psychodiagnostisch",
                "intelligentieonderzoek", "diagnostisch onderzoek", "capaciteitenonderzoek",
                "verslag dyslexieonderzoek", "dyscalculieonderzoek", "dyscalculieverklaring", "neuropsychologisch",
                "psychologisch rapport", "psychologisch verslag", "persoonlijkheidsonderzoek", "iq-onderzoek",
                "orthopedagogisch onderzoek", "verslag psychologisch", "psychologische rapportage",
                "diagnostiek dyslexie", "onderzoek naar dyslexie", "wisc-v", "wisc-iii", "wppsi", "intelligentietest",
                "iq-test", "psychiatrisch onderzoek", "diagnostisch verslag", "dyslexierapport",
                "verklaring dyslexie", "verslag van psychologisch", "handelingsgericht onderzoek",
                "psycho-diagnostisch", "niet-schoolbare dyslexie", "didactisch onderzoek", "diagnostische rapportage",
                "ernstige dyslexie", "intelligentie-onderzoek", "verslag intelligentie", "individueel onderzoek",
                "rapportage individueel onderzoek", "capaciteiten en leervorderingen", "onderzoek capaciteiten",
                "ernstige enkelvoudige dyslexie", "verklaring ernstige dyslexie", "verklaring van dyslexie",
                "rapportage onderzoek", "rapport onderzoek", "testrapport", "testverslag", "onderzoek intelligentie",
                "onderzoek dyslexie", "onderzoek naar intelligentie", "onderzoek naar de leerontwikkeling",
                "cognitief onderzoek", "leeronderzoek", "verslag onderzoek", "psychologische diagnostiek",
                "autismeonderzoek", "adhd-onderzoek", "ontwikkelingsonderzoek", "rekenonderzoek", "leesonderzoek",
                "hoogbegaafdheidsonderzoek",
            ),
            4: (
                "onderzoeksverslag", "onderzoeksrapport", "verslag van onderzoek", "dyslexie", "dyscalculie",
                "diagnostiek", "onderzoek",
            ),
        },
        {
            2: (
                "wisc", "totaal iq", "tiq", "intelligentiequotient", "betrouwbaarheidsinterval", "dsm-5", "dsm-iv",
                "verwerkingssnelheid", "werkgeheugen", "indexscore", "klepel", "een-minuut-test", "fonologisch",
                "dyslectisch", "verbaal begrip", "visueel-ruimtelijk", "fluid redeneren", "classificatie",
                "gz-psycholoog", "testresultaten", "onderzoeksvragen", "onderzoeksmiddelen", "psychodiagnostisch",
                "vraagstelling", "diagnostische conclusie", "benoemsnelheid", "gebruikte tests", "heeft dyslexie",
                "dyslexie heeft", "enkelvoudige dyslexie", "eed", "onderzoeksresultaten", "cognitieve",
                "discrepantie", "intelligentieprofiel", "gemiddelde intelligentie", "intelligentie is",
                "betrouwbaarheid", "stoornis", "hardnekkig", "aanmeldingsreden", "onderzoeksgegevens",
            ),
            1: (
                "orthopedagoog", "psycholoog", "diagnose", "percentiel", "reden van aanmelding", "intelligentie",
                "onderzoek", "afgenomen", "beneden gemiddeld", "bovengemiddeld", "hypothese", "conclusie", "dyslexie",
                "nvo", "nip", "verklaart", "aanleiding", "testafname", "voorleessoftware", "compensatie",
                "voorzieningen", "leesontwikkeling",
            ),
        },
    ),
    "ZRG-05": Vocabulary(
        {
            7: (
                "aanvraag toelaatbaarheidsverklaring", "aanvraag tlv", "tlv-aanvraag",
                "aanvraagformulier toelaatbaarheidsverklaring", "aanvraagformulier tlv",
                "verwijzing speciaal onderwijs", "verwijzing sbo", "deskundigenadvies", "deskundigenverklaring",
                "deskundigenoordeel", "aanvraag arrangement", "verwijzing speciaal basisonderwijs",
                "aanmelding samenwerkingsverband", "aanmeldformulier samenwerkingsverband",
                "aanvraag extra ondersteuning", "verwijsformulier", "onderbouwing tlv", "verwijsdossier",
                "onderbouwing toelaatbaarheidsverklaring", "aanvraag ondersteuningsarrangement",
                "aanmelding speciaal", "aanvraag verlenging tlv", "verzoek om toelaatbaarheidsverklaring",
                "verwijzing naar speciaal", "groeidocument", "aanvraag bij het samenwerkingsverband",
                "verzoek toelaatbaarheidsverklaring", "aanvraag van een toelaatbaarheidsverklaring",
                "aanvraag tlv speciaal", "aanvraag ondersteuning samenwerkingsverband",
                "hulpvraag samenwerkingsverband", "deskundigenverklaring tlv", "advies deskundige", "tlv aanvraag",
                "aanvraag sbo", "aanvraag so", "aanvraag zorgarrangement", "aanmelding trajectbegeleiding",
                "verwijzing so", "onderbouwing aanvraag", "motivering aanvraag",
            ),
            3: ("verwijzing", "tlv"),
        },
        {
            3: (
                "vraagt een toelaatbaarheidsverklaring aan", "vragen wij een toelaatbaarheidsverklaring aan",
                "aanvragende school", "wordt aangevraagd", "vraagt de school",
                "verzoeken wij het samenwerkingsverband", "handelingsverlegen", "gevraagde categorie",
            ),
            2: (
                "ingediend bij", "ingediend op", "aanvrager", "aanvraag wordt", "handelingsverlegenheid",
                "meer bieden", "niet meer bieden", "vragen wij",
            ),
            1: (
                "toelaatbaarheidsverklaring", "tlv", "samenwerkingsverband", "sbo", "speciaal onderwijs",
                "extra ondersteuning", "basisondersteuning",
            ),
        },
    ),
    "SWV-01": Vocabulary(
        {
            7: (
                "advies samenwerkingsverband", "ondersteuningsadvies", "consultatieverslag",
                "begeleidingsverslag samenwerkingsverband", "toekenning arrangement", "arrangement toegekend",
                "consultatie en advies", "ambulante begeleiding", "adviesbrief samenwerkingsverband",
                "verslag ambulant begeleider", "toekenning ondersteuning", "advies van het samenwerkingsverband",
                "toekenningsbrief arrangement", "adviesverslag samenwerkingsverband", "evaluatie arrangement",
                "verslag consultatie", "begeleiding door het samenwerkingsverband", "advies van de adviescommissie",
                "besluit arrangement", "toegekend arrangement", "toekenning extra ondersteuning",
                "toekenning van extra ondersteuning", "extra ondersteuning toegekend", "toekenning begeleiding",
                "toekenning van een arrangement", "toekenning ondersteuningsarrangement",
                "besluit extra ondersteuning", "onderwijsarrangement", "onderwijszorgarrangement",
                "verslag begeleiding", "verslag observatie en advies", "observatie en advies",
                "advies passend onderwijs", "terugkoppeling consultatie",
                "evaluatie begeleiding samenwerkingsverband", "trajectplan", "ondersteuningstoewijzing",
            ),
            4: ("extra ondersteuning",),
            3: ("samenwerkingsverband", "arrangement"),
        },
        {
            2: (
                "ambulant begeleider", "gedragsspecialist van het samenwerkingsverband",
                "consulent van het samenwerkingsverband", "arrangement", "trajectbegeleider", "onderwijsconsulent",
                "consulent passend onderwijs", "schoolondersteuner", "arrangement toe", "kennen wij",
                "onze consulent", "adviseur passend onderwijs", "de begeleider komt", "uur begeleiding",
                "begeleider passend onderwijs", "consulent", "ambulant",
            ),
            1: ("samenwerkingsverband", "passend onderwijs", "advies", "consultatie", "begeleiding"),
        },
    ),
    "SWV-02": Vocabulary(
        {
            7: (
                "besluit toelaatbaarheidsverklaring", "beschikking toelaatbaarheidsverklaring", "besluit tlv",
                "afgifte toelaatbaarheidsverklaring", "afgifte tlv", "toelaatbaarheidsverklaring afgegeven",
                "besluit toelaatbaarheid", "beschikking tlv", "toelaatbaar verklaard",
                "besluit op aanvraag toelaatbaarheidsverklaring", "besluit op de aanvraag",
                "besluit inzake toelaatbaarheid", "besluit op uw aanvraag", "toekenning toelaatbaarheidsverklaring",
                "toekenning tlv", "besluit tot afgifte", "verklaring van toelaatbaarheid",
                "verklaring toelaatbaarheid", "tlv speciaal onderwijs", "tlv speciaal basisonderwijs",
            ),
            6: ("toelaatbaarheidsverklaring",),
        },
        {
            3: (
                "toelaatbaar is tot", "toelaatbaar tot", "heeft besloten", "volgnummer", "bekostigingscategorie",
                "wordt afgegeven", "is afgegeven", "is toelaatbaar", "besluit het samenwerkingsverband", "nummer tlv",
                "tlv-nummer", "geldigheidsduur",
            ),
            2: (
                "categorie laag", "categorie midden", "categorie hoog", "nummer verklaring", "speciaal onderwijs",
                "positief geadviseerd", "toelaatbaar",
            ),
            1: (
                "besluit", "toelaatbaarheidsverklaring", "samenwerkingsverband", "bezwaar", "adviescommissie",
                "bezwaarschrift", "geldig tot",
            ),
        },
    ),
}  # fmt: skip
