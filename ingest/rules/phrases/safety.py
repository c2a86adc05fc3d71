"""Safety: VEI."""

from ingest.rules.phrases.vocabulary import Vocabulary

SAFETY: dict[str, Vocabulary] = {
    "VEI-01": Vocabulary(
        {
            7: (
                "veilig thuis", "meldcode", "melding veilig thuis", "zorgmelding", "stappenplan meldcode",
                "vermoeden van kindermishandeling", "vermoeden kindermishandeling", "melding kindermishandeling",
                "advies veilig thuis", "huiselijk geweld", "kindermishandeling",
                "melding raad voor de kinderbescherming", "meldcode huiselijk geweld",
                "terugkoppeling van uw melding", "bevestiging van uw melding", "uw melding bij veilig thuis",
                "zorgen over de veiligheid", "signalen van kindermishandeling", "verslag stap",
            ),
        },
        {
            2: (
                "veilig thuis", "meldcode", "afwegingskader", "kindermishandeling", "huiselijk geweld",
                "verwaarlozing", "signalen in kaart", "aandachtsfunctionaris", "onveilige thuissituatie",
                "blauwe plekken", "uw zorgen gemeld", "onderzoek naar de thuissituatie", "thuissituatie",
                "veiligheid van",
            ),
            1: ("stap 1", "stap 2", "stap 3", "melding", "onveilig", "signalen", "raad voor de kinderbescherming"),
        },
    ),
    "VEI-02": Vocabulary(
        {
            7: (
                "incidentmelding", "incidentformulier", "incidentregistratie", "incidentenregistratie",
                "pestprotocol", "ongevallenformulier", "ongevallenmelding", "incidentrapport", "melding incident",
                "ongevalsformulier", "vechtpartij", "grensoverschrijdend gedrag", "incidentverslag",
                "verslag incident", "registratie incident", "melding pesten", "pestmelding", "ongevalsmelding",
                "pestgedrag", "incidentenformulier", "meldingsformulier incident", "ongevalregistratie",
                "ongevallenregistratie", "verslag van het incident", "melding ongeval", "gesprek over pesten",
                "pestincident", "ongeval", "ongewenst gedrag", "registratie ongewenst gedrag",
                "melding ongewenst gedrag", "verslag voorval", "registratie voorval", "melding voorval",
                "gedragsincident", "agressie-incident", "melding agressie", "pestsituatie", "buitensluiten",
                "cyberpesten", "conflict op het plein", "ongevallenregister", "ongeluk op school", "valpartij",
                "bijna-ongeval", "gedragsmelding", "rode kaart", "gele kaart", "time-out formulier", "vernieling",
                "diefstal",
            ),
            5: ("incident", "pesten", "agressie", "voorval", "ruzie"),
        },
        {
            2: (
                "gepest", "geslagen", "geschopt", "slachtoffer", "toedracht", "letsel", "betrokken leerlingen",
                "wat is er gebeurd", "getuigen", "beschrijving van het incident", "bedreigd", "uitgescholden",
                "genomen maatregelen", "omschrijving van het incident", "aard van het letsel",
                "plaats van het incident", "gevallen", "geduwd", "werd geduwd", "gestoten", "buitengesloten",
                "schold", "schopte", "sloeg", "bult", "geblesseerd", "wat is er aan de hand", "pestcoordinator",
                "antipestcoordinator", "speelplein", "schoolplein", "soort voorval", "gevochten", "bedreigde",
            ),
            1: (
                "incident", "pesten", "ruzie", "plein", "maatregel", "getuige", "eerste hulp", "ehbo",
                "veiligheidscoordinator", "voorval", "koelen", "pauze", "excuses", "slaan", "schelden",
            ),
        },
    ),
    "VEI-03": Vocabulary(
        {
            7: (
                "schorsing", "schorsingsbesluit", "voornemen tot verwijdering", "besluit tot schorsing",
                "besluit tot verwijdering", "verwijdering van school", "verwijderingsbesluit",
                "voornemen verwijdering", "verwijdering leerling", "besluit schorsing", "ontzegging van de toegang",
                "schorsingsbrief", "interne schorsing", "ontzegging toegang", "verwijdering van uw",
                "schorsing van uw", "besluit verwijdering", "bevestiging schorsing", "schorsing en verwijdering",
                "tijdelijke ontzegging", "tijdelijke schorsing", "schorsing van", "time-out maatregel",
                "besluit time-out", "voornemen tot schorsing", "bericht van schorsing", "kennisgeving schorsing",
                "interne time-out", "aankondiging schorsing",
            ),
            4: ("verwijdering", "time-out", "toegang tot de school"),
        },
        {
            2: (
                "geschorst", "te schorsen", "te verwijderen", "wordt geschorst", "toegang tot de school", "schorsing",
                "verwijderen van school", "toegang tot de lessen", "ontzeggen", "te ontzeggen", "niet toegelaten",
                "geschorste", "tijdelijk niet",
            ),
            1: (
                "bevoegd gezag", "inspectie van het onderwijs", "bezwaar", "zienswijze", "onderwijsinspectie",
                "leerplichtambtenaar", "ernstig wangedrag", "geschillencommissie",
            ),
        },
    ),
    "VEI-04": Vocabulary(
        {
            7: (
                "camerabeelden", "cameratoezicht", "uitgifte camerabeelden", "videobewaking", "beveiligingscamera",
                "bewakingsbeelden", "vordering camerabeelden", "uitkijken camerabeelden",
            ),
        },
        {
            2: ("camerabeelden", "beelden zijn veiliggesteld"),
            1: ("camera", "beelden", "opname", "tijdstip"),
        },
    ),
    "VEI-05": Vocabulary(
        {
            7: (
                "klachtenformulier", "klachtbrief", "klachtencommissie", "geschillencommissie", "bezwaarschrift",
                "klachtafhandeling", "klaagschrift", "indienen klacht", "uw klacht", "formele klacht",
                "klachtenbrief", "behandeling klacht", "ontvangst klacht", "klacht over", "bezwaar tegen",
                "ontvangstbevestiging klacht", "ingediende klacht", "afhandeling klacht", "klachtenprocedure",
                "klacht gang van zaken", "klacht over de", "klachtmelding", "uw klacht van", "onze klacht",
                "mijn klacht", "reactie op klacht", "ontevreden over", "ongenoegen over", "bezwaar besluit",
            ),
            6: ("klacht", "geschil", "bezwaar"),
        },
        {
            5: (
                "een klacht in", "formele klacht", "klacht indienen", "klacht in te dienen", "maken wij bezwaar",
                "maak ik bezwaar", "dien ik een klacht", "dienen wij een klacht",
            ),
            2: (
                "klager", "verweerder", "ongegrond", "hoorzitting", "ontvankelijk", "klachtenregeling",
                "onze klacht", "mijn klacht", "uw klacht", "externe vertrouwenspersoon",
                "niet tevreden", "wij zijn ontevreden", "niet uitgekomen", "niet serieus genomen",
                "zaak te onderzoeken", "niet gehoord",
            ),
            1: ("klacht", "gegrond", "ontevreden", "vertrouwenspersoon", "bezwaar", "niet eens"),
        },
    ),
}  # fmt: skip
