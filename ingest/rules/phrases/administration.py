"""Administration and accountability: ADM, AVG and BEW."""

from ingest.rules.phrases.vocabulary import Vocabulary

ADMINISTRATION: dict[str, Vocabulary] = {
    "ADM-01": Vocabulary(
        {
            7: (
                "inschrijfformulier", "inschrijvingsformulier", "aanmeldingsformulier leerling", "inschrijfbewijs",
                "uitschrijfbewijs", "bewijs van inschrijving", "bewijs van uitschrijving",
                "verklaring van inschrijving", "verklaring van uitschrijving", "bevestiging inschrijving",
                "bevestiging van inschrijving", "bevestiging uitschrijving", "bevestiging van de inschrijving",
                "bevestiging van uitschrijving", "bericht van inschrijving", "bericht van uitschrijving",
                "uitschrijfformulier", "uitschrijvingsformulier", "in- en uitschrijving", "kennisgeving inschrijving",
                "kennisgeving uitschrijving", "toelatingsformulier", "bevestiging aanmelding en plaatsing",
                "inschrijfverklaring", "verzoek tot uitschrijving", "inschrijvingsverklaring", "inschrijvingsbewijs",
                "aanmelding vierjarige", "aanmelding nieuwe kleuter", "intakeformulier nieuwe leerling",
                "aanmelden nieuwe leerling", "bericht van vertrek", "afmelding leerling", "vertrekformulier",
                "schoolverlaten", "schoolverlatersformulier", "inschrijving basisschool", "inschrijving school",
                "bevestiging van aanmelding", "bevestiging aanmelding", "verklaring inschrijving",
                "verklaring uitschrijving", "mutatieformulier inschrijving", "zij-instroom",
            ),
            6: (
                "aanmeldformulier", "aanmeldingsformulier", "aanmelding nieuwe leerling", "aanmelding leerling",
                "inschrijving leerling", "uitschrijving leerling", "aanmelding basisonderwijs",
                "formulier aanmelding",
            ),
            5: (
                "inschrijving", "uitschrijving", "plaatsing op school", "plaatsingsbrief",
                "bevestiging van plaatsing", "bevestiging plaatsing", "intakeformulier",
                "intakegesprek nieuwe leerling",
            ),
            3: ("aanmelding", "toelating"),
        },
        {
            2: (
                "datum van inschrijving", "is ingeschreven", "wordt uitgeschreven", "staat ingeschreven",
                "uitgeschreven per", "ingeschreven per", "in te schrijven", "uit te schrijven", "eerste schooldag",
                "wordt ingeschreven", "uitgeschreven", "ingeschreven", "laatste schooldag", "gewenste startdatum",
                "niet meer ingeschreven", "niet meer is ingeschreven", "datum uitschrijving", "aan te melden",
                "schrijven wij in", "gewenste school", "reden van vertrek", "reden van uitschrijving",
                "nieuwe leerling",
            ),
            1: (
                "vorige school", "school van herkomst", "nieuwe school", "inschrijfdatum", "uitschrijfdatum",
                "nationaliteit", "peuterspeelzaal", "kinderdagverblijf", "geboorteplaats", "voorschoolse",
                "eerste taal", "thuistaal", "brin", "datum instroom", "hoogst genoten opleiding", "leerplicht",
                "peuteropvang", "kinderopvang", "voorschool", "vve",
            ),
        },
    ),
    "ADM-02": Vocabulary(
        {
            7: (
                "verzuimmelding", "verzuimoverzicht", "absentieoverzicht", "ziekmelding", "ongeoorloofd verzuim",
                "verlofaanvraag", "verlofformulier", "verzuimbrief", "verzuimregistratie", "melding schoolverzuim",
                "kennisgeving schoolverzuim", "aanvraag verlof", "aanvraag extra verlof", "aanvraag bijzonder verlof",
                "aanvraagformulier verlof", "verlof buiten de schoolvakanties", "vakantieverlof", "absentiemelding",
                "melding van verzuim", "melding verzuim", "aanvraag vrijstelling van schoolbezoek", "verzuimgesprek",
                "schoolverzuim", "verzoek om verlof", "bijzonder verlof", "presentieoverzicht", "absentielijst",
                "zorgwekkend verzuim", "beschikking verlof", "extra verlof", "luxeverzuim", "absentiebriefje",
                "absentieformulier", "afwezigheidsbriefje", "melding afwezigheid", "beterbriefje", "betermelding",
                "ziekmeldingsformulier", "verlofbriefje", "verzoek om extra verlof", "verzoek verlof", "vrij vragen",
                "vrije dag", "extra vrije dag", "verlof wegens", "beslissing verlof", "verlofbeschikking",
                "oproep leerplicht",
                "gesprek leerplicht", "waarschuwing schoolverzuim", "waarschuwing verzuim", "verzuimrapportage",
                "afwezigheid van", "ziekteverzuim", "thuisblijven", "proces-verbaal leerplicht",
                "vakantie buiten de schoolvakanties", "vakantie onder schooltijd", "overzicht afwezigheid",
                "registratie verzuim", "bezoek aan de tandarts", "afwezigheidsmelding",
            ),
            5: (
                "verzuim", "afwezigheid", "te laat komen", "absentie", "verlof", "te laat gekomen",
                "aanwezigheidsregistratie", "presentie",
            ),
            4: ("leerplicht", "aanwezigheid"),
        },
        {
            4: (
                "vraag ik vrij", "vragen wij vrij", "vrij willen vragen", "graag vrij voor", "blijft vandaag thuis",
                "blijft thuis", "ziek thuis", "eerder weg", "eerder ophalen", "eerder op te halen", "naar de tandarts",
                "naar de orthodontist",
            ),
            2: (
                "ziek gemeld", "ongeoorloofd", "geoorloofd", "leerplichtambtenaar", "gewichtige omstandigheden",
                "gemiste lesuren", "verzuimuren", "reden van afwezigheid", "reden van het verlof", "lesuren verzuim",
                "uren verzuim", "afgemeld", "verzuimloket", "niet op school", "kan niet naar school",
                "niet naar school", "extra verlof", "verlof gevraagd", "verlof aan", "vrij vragen",
                "zonder toestemming", "meer dan zestien uur", "gemist heeft", "kon niet komen", "afwezig op",
                "heeft koorts", "met koorts", "griep", "reden van verzuim", "religieuze feestdag", "reden verlof",
                "reden afwezigheid", "vrij krijgen", "thuis gebleven", "is ziek", "was ziek", "weer beter",
                "orthodontist", "overgegeven", "naar de dokter", "later op school", "haal haar om",
                "haal hem om", "niet gymmen", "is verhinderd",
            ),
            1: (
                "leerplichtwet", "leerplicht", "afwezig", "absent", "te laat", "gemist", "schooldagen", "verzuim",
                "ziek", "verlof", "huwelijk", "begrafenis", "jubileum", "feestdag", "tandarts", "lesuren", "lestijd",
                "zieke",
            ),
        },
    ),
    "ADM-03": Vocabulary(
        {
            7: (
                "adreswijziging", "wijziging adresgegevens", "wijziging van adres", "wijziging persoonsgegevens",
                "wijziging naw", "naw-gegevens", "wijzigingsformulier", "gegevensformulier", "verhuisbericht",
                "wijziging contactgegevens", "wijziging gegevens", "controle persoonsgegevens", "controle gegevens",
                "doorgeven verhuizing", "noodkaart", "wijziging telefoonnummer", "gezinsgegevens",
                "correctieformulier", "bereikbaarheidsformulier", "formulier contactgegevens", "adresgegevens",
                "wijziging in de gezinssituatie", "noodformulier", "wijziging adres", "nieuw telefoonnummer",
                "gegevens ouders", "wijziging gegevens ouders", "mutatieformulier", "mutatie persoonsgegevens",
                "wijzigen gegevens", "doorgeven wijziging", "doorgeven adres", "wijziging noodnummer",
                "wijziging e-mailadres", "wijziging achternaam", "naamswijziging", "wijziging gezag",
                "wijziging gezagssituatie", "noodnummers",
            ),
            5: (
                "verhuizing", "contactgegevens", "personalia", "nieuw adres", "wijziging bankrekening",
                "adreswijzigingen", "verhuisd", "gegevenskaart", "leerlinggegevens",
            ),
        },
        {
            2: (
                "oud adres", "nieuw adres", "oude adres", "nieuwe adres", "verhuisd", "noodnummer", "gaan verhuizen",
                "huidig adres", "ingangsdatum wijziging", "ander adres", "wonen wij", "wij wonen", "gaan wonen",
                "adres aanpassen", "nieuwe woning", "verhuizen", "verhuizing", "telefoonnummer verandert",
                "adres is gewijzigd", "adres wijzigt",
            ),
            0.5: ("telefoonnummer", "e-mailadres", "postcode", "woonplaats", "mobiel", "huisnummer"),
        },
    ),
    "ADM-04": Vocabulary(
        {
            7: (
                "opgave burgerservicenummer", "opgave bsn", "registratie bsn", "bsn-formulier", "bewijs van bsn",
                "bsn-bewijs", "uittreksel brp", "uittreksel uit de basisregistratie",
                "uittreksel basisregistratie personen", "verificatie burgerservicenummer", "persoonsgebonden nummer",
                "bsn-verklaring", "registratie burgerservicenummer", "vaststelling burgerservicenummer",
                "controle bsn", "toekenning onderwijsnummer", "kennisgeving bsn", "toekenning burgerservicenummer",
                "uittreksel uit de brp", "melding onderwijsnummer",
            ),
            5: ("burgerservicenummer", "onderwijsnummer"),
        },
        {
            2: ("basisregistratie personen", "het burgerservicenummer van", "sofinummer"),
            1: ("burgerservicenummer", "belastingdienst", "onderwijsnummer"),
        },
    ),
    "ADM-05": Vocabulary(
        {
            7: (
                "afwijzing aanmelding", "aanmelding afgewezen", "niet geplaatst", "afwijzing van de aanmelding",
                "weigering toelating", "besluit niet toelaten", "weigering van toelating", "niet toelaten",
                "uitgeloot", "niet plaatsen", "niet kunnen plaatsen", "plaatsing niet mogelijk",
                "afwijzing toelating", "intrekking aanmelding", "geen plaatsing", "aanmelding ingetrokken",
                "plaatsing op de wachtlijst", "afwijzing plaatsing", "besluit weigering",
            ),
            4: ("wachtlijst", "afwijzing", "loting"),
        },
        {
            3: (
                "helaas niet plaatsen", "niet op onze school plaatsen", "toelating te weigeren", "niet toe te laten",
                "helaas geen plaats", "geen plek", "geen plaats voor", "niet kunnen plaatsen",
            ),
            1: ("helaas", "wachtlijst", "bezwaar", "andere school te zoeken", "zorgplicht"),
        },
    ),
    "ADM-06": Vocabulary(
        {
            7: (
                "bekostigingsbewijs", "bewijsstuk bekostiging", "nieuwkomersbekostiging", "verklaring nieuwkomer",
                "bijzondere bekostiging", "aanvullende bekostiging", "ouderverklaring leerlinggewicht",
                "bekostigingsgegevens", "verklaring opleidingsniveau", "bekostigingsoverzicht", "ouderverklaring",
                "verklaring leerlinggewicht", "aanvraag bekostiging", "bekostiging nieuwkomers",
                "terugmelding bekostiging",
            ),
            5: ("bekostiging", "leerlinggewicht"),
        },
        {
            2: (
                "bekostigd", "bekostiging", "teldatum", "asielzoeker", "nieuwkomer", "opleidingsniveau van de ouders",
            ),
            1: ("duo", "accountant", "datum binnenkomst in nederland", "opleidingsniveau", "rijksbijdrage"),
        },
    ),
    "ADM-07": Vocabulary(
        {
            7: (
                "kopie paspoort", "kopie identiteitsbewijs", "kopie id", "kopie identiteitskaart",
                "verblijfsdocument", "verblijfsvergunning", "koninkrijk der nederlanden",
                "kingdom of the netherlands", "royaume des pays-bas", "vreemdelingenidentiteitsbewijs",
                "kopie legitimatiebewijs", "identiteitskaart", "identity card", "paspoort", "residence permit",
                "titre de sejour",
            ),
            5: ("identiteitsbewijs", "legitimatiebewijs", "passport", "passeport", "vreemdelingendocument"),
        },
        {
            3: (
                "p<nld", "i<nld", "<<<<", "date of expiry", "date d'expiration", "place of birth",
                "lieu de naissance", "date of issue", "documentnummer", "document no", "verblijfstitel",
                "type verblijf", "ir<", "arbeid niet toegestaan",
            ),
            1: ("nationality", "nationalite", "burgemeester van", "geldig tot", "height", "taille", "authority"),
        },
    ),
    "ADM-08": Vocabulary(
        {
            7: (
                "factuur", "ouderbijdrage", "betalingsherinnering", "aanmaning", "incassomachtiging",
                "automatische incasso", "sepa-machtiging", "betaaloverzicht", "nota schoolreis",
                "bijdrage schoolreis", "kwijtschelding", "schoolgeld", "betalingsregeling", "creditnota",
                "herinnering betaling", "machtiging incasso", "overblijfkosten", "boekengeld", "betalingsverzoek",
                "tweede herinnering", "kosten schoolreis", "kosten schoolkamp", "overblijfbijdrage",
                "bijdrage schoolkamp", "ouderbijdragen", "vrijwillige bijdrage", "nota overblijf", "nota tso",
                "rekening overblijf", "betaalspecificatie", "eerste herinnering", "herinneringsnota",
                "verzoek tot betaling", "restitutie", "terugbetaling", "bijdrage tussenschoolse opvang",
                "tussenschoolse opvang",
            ),
            5: ("nota", "rekening", "betaling", "betaalverzoek", "schoolkosten"),
        },
        {
            2: (
                "factuurnummer", "te betalen", "over te maken", "iban", "debiteurnummer", "openstaand bedrag",
                "totaalbedrag", "vrijwillige bijdrage", "factuurdatum", "betalingskenmerk", "incassant",
                "vrijwillige ouderbijdrage", "te voldoen", "notanummer", "betaaltermijn", "binnen 14 dagen",
                "binnen 30 dagen", "overgemaakt", "openstaande", "rekeningnummer van de school", "bijdrage van",
            ),
            1: (
                "bedrag", "€", "eur", "btw", "rekeningnummer", "overmaken", "betalen", "schoolreis", "kamp", "t.n.v.",
            ),
        },
    ),
    "ADM-09": Vocabulary(
        {
            7: (
                "toestemmingsformulier", "toestemmingsverklaring", "toestemming beeldmateriaal",
                "toestemming gebruik beeldmateriaal", "toestemming foto", "toestemming voor het gebruik van",
                "verklaring van toestemming", "toestemming gegevensuitwisseling", "toestemming uitwisseling",
                "privacyvoorkeuren", "toestemming publicatie", "toestemming delen van gegevens",
                "intrekking toestemming", "toestemming deelname", "akkoordverklaring gegevens",
                "toestemming voor onderzoek", "toestemming overdracht gegevens", "toestemming beeld",
                "toestemming voor het delen", "toestemming privacy", "publicatie beeldmateriaal",
                "gebruik beeldmateriaal", "keuzeformulier beeldmateriaal", "keuzeformulier publicatie",
                "foto's en video's", "beeld en geluid", "gebruik van beeldmateriaal", "toestemming gebruik",
                "toestemming gegevensdeling", "toestemming informatie-uitwisseling", "toestemming overleg",
                "toestemming bespreking", "toestemmingsbrief", "privacytoestemming", "toestemming uitwisselen",
                "publiceren van foto's", "toestemming school",
            ),
            5: (
                "toestemming", "machtiging informatie-uitwisseling", "privacyverklaring ouders", "privacykeuzes",
                "keuzeformulier", "machtiging",
            ),
        },
        {
            2: (
                "geef ik toestemming", "geeft toestemming", "geef toestemming", "geen toestemming", "wel toestemming",
                "geven toestemming", "toestemming kunt u", "toestemming intrekken", "geven wij toestemming",
                "toestemming voor", "verleen toestemming", "toestemming te geven", "mogen worden gebruikt",
                "mag gebruiken", "worden gebruikt op", "vinden het goed dat", "akkoord met het gebruik",
                "wel of niet", "maken wij foto's", "op instagram", "facebook", "informatie uitwisselen",
                "gegevens uitwisselen",
            ),
            1: (
                "sociale media", "website", "nieuwsbrief", "schoolgids", "aankruisen", "foto's", "video's",
                "toestemming", "schoolapp",
            ),
        },
    ),
    "ADM-10": Vocabulary(
        {
            7: (
                "schoolfoto", "klassenfoto", "pasfoto", "fotoblad", "video-opname", "beeldopname", "portretfoto",
                "foto leerling", "foto's schoolreis", "foto's schoolkamp", "groepsfoto",
            ),
            3: ("fotografie",),
        },
        {
            1: ("schoolfotograaf", "fotograaf", "opname", "foto"),
        },
    ),
    "ADM-11": Vocabulary(
        {
            7: ("oud-leerling", "oudleerling", "alumni", "reunie", "oud leerlingen", "adresbestand oud-leerlingen"),
        },
        {
            2: ("reunie", "alumni", "oud-leerling"),
            1: ("jubileum", "in contact te blijven", "op de hoogte blijven"),
        },
    ),
    "ADM-12": Vocabulary(
        {
            7: (
                "vrijstelling leerplicht", "vrijstelling van de leerplicht", "vrijstelling van leerplicht",
                "beroep op vrijstelling", "vrijstelling van geregeld schoolbezoek", "kennisgeving vrijstelling",
                "vrijstelling van inschrijving", "vervangende leerplicht", "besluit vrijstelling",
                "vrijstelling inschrijfplicht", "vrijstelling schoolbezoek", "vrijstelling van de verplichting",
                "vrijstelling onderwijstijd", "beschikking vrijstelling",
            ),
            4: ("vrijstelling",),
        },
        {
            2: (
                "artikel 5 onder a", "artikel 5 onder b", "artikel 5 van de leerplichtwet",
                "artikel 11 van de leerplichtwet", "niet geschikt om tot een school", "op grond van artikel 5",
                "vrijgesteld", "vrijstelling van de verplichting", "beroep op vrijstelling",
            ),
            1: ("leerplichtwet", "leerplichtambtenaar", "vrijstelling", "burgemeester en wethouders"),
        },
    ),
    "AVG-01": Vocabulary(
        {
            7: (
                "inzageverzoek", "verzoek om inzage", "verzoek tot inzage", "avg-verzoek", "verzoek inzage",
                "recht op inzage", "verwijdering persoonsgegevens", "verwijdering van persoonsgegevens",
                "verwijdering van gegevens", "rectificatie persoonsgegevens", "recht op vergetelheid",
                "verstrekking persoonsgegevens", "verzoek om rectificatie", "verstrekking van persoonsgegevens",
                "verstrekking gegevens", "dataportabiliteit", "inzage in het dossier", "inzage dossier",
                "verzoek kopie dossier", "verzoek om een kopie", "verzoek persoonsgegevens",
                "inzage persoonsgegevens", "inzage leerlingdossier", "inzage in het leerlingdossier",
                "verzoek tot rectificatie", "inzagerecht", "afschrift van het dossier", "afschrift dossier",
                "afschrift van alle gegevens", "afschrift van gegevens", "kopie van het dossier",
                "kopie leerlingdossier", "kopie van alle gegevens", "verzoek om afschrift", "avg verzoek",
                "recht van inzage", "inzage gegevens", "inzage in de gegevens", "inzage in het dossier van",
                "verwijderen van gegevens", "verzoek tot verwijdering", "bezwaar verwerking",
                "beperking van de verwerking",
            ),
            4: ("inzage",),
        },
        {
            2: (
                "algemene verordening gegevensbescherming", "artikel 15", "functionaris gegevensbescherming",
                "functionaris voor de", "artikel 17", "artikel 16 avg", "alle gegevens", "welke gegevens",
                "afschrift van alle", "over mijn zoon bewaart", "over mijn dochter bewaart",
                "op grond van artikel 15", "recht om in te zien", "wissen van",
            ),
            1: ("avg", "persoonsgegevens", "inzage", "afschrift", "kopie van", "verwerkt", "verstrekt"),
        },
    ),
    "BEW-01": Vocabulary(
        {
            7: (
                "verklaring van vernietiging", "vernietigingsverklaring", "vernietigingslijst",
                "proces-verbaal van vernietiging", "verklaring van overdracht", "verklaring van overbrenging",
                "verklaring vernietiging", "verklaring overdracht", "certificaat van vernietiging",
                "bewijs van vernietiging",
            ),
        },
        {
            2: ("zijn vernietigd", "selectielijst", "archiefwet", "vernietigd"),
            1: ("bewaartermijn", "archief", "vernietiging"),
        },
    ),
}  # fmt: skip
