"""Teaching and talks: OND and GES."""

from ingest.rules.phrases.vocabulary import Vocabulary

_HANDOVER: tuple[str, ...] = (
    "onderwijskundig rapport", "overdrachtsformulier", "overstapdossier", "overdrachtsdossier",
    "overdrachtsrapport", "warme overdracht", "overdracht po-vo", "overdracht povo", "digitaal overdrachtsdossier",
    "onderwijskundige overdracht", "overdracht leerling", "okr", "overdracht naar voortgezet onderwijs",
    "overdracht naar het vo", "overdracht vo",
)  # fmt: skip

TEACHING: dict[str, Vocabulary] = {
    "OND-01": Vocabulary(
        {
            7: (
                "verzending onderwijskundig rapport", "onderwijskundig rapport verzonden",
                "toezending onderwijskundig rapport", "onderwijskundig rapport ten behoeve van",
                "overdracht naar het voortgezet onderwijs",
            ),
            6: _HANDOVER,
        },
        {
            3: (
                "bestemd voor", "ten behoeve van de ontvangende school", "verzonden aan", "ontvangende school",
                "nieuwe school", "verlaat onze school", "zenden wij u het onderwijskundig rapport",
                "aan de nieuwe school", "toekomstige school", "leerling verlaat", "vertrekt naar", "gaat naar de",
                "toegezonden aan", "school van bestemming", "zal onze school verlaten", "sturen wij u",
            ),
            1: (
                "onderwijsgeschiedenis", "schoolloopbaan", "leerresultaten", "sociaal-emotionele ontwikkeling",
                "overstap", "overdracht", "uitstroom naar", "vervolgschool",
            ),
        },
    ),
    "OND-02": Vocabulary(
        {
            7: (
                "ontvangen onderwijskundig rapport", "onderwijskundig rapport ontvangen",
                "ontvangst onderwijskundig rapport", "onderwijskundig rapport van de vorige school",
            ),
            6: _HANDOVER,
        },
        {
            3: (
                "ontvangen van", "afkomstig van", "ontvangen op", "wij ontvingen", "van de vorige school",
                "ingekomen", "vorige school", "toeleverende school", "afleverende school", "school van herkomst",
                "in goede orde ontvangen", "ontvingen wij", "hebben wij ontvangen",
            ),
            1: (
                "onderwijsgeschiedenis", "schoolloopbaan", "leerresultaten", "sociaal-emotionele ontwikkeling",
                "overstap", "overdracht",
            ),
        },
    ),
    "OND-03": Vocabulary(
        {
            7: (
                "schoolrapport", "toetsresultaten", "toetsoverzicht", "leerlingrapport", "resultatenoverzicht",
                "cijferoverzicht", "toetsuitslag", "leerlingoverzicht", "tussenrapport", "kerstrapport",
                "eindrapport", "winterrapport", "zomerrapport", "voortgangsrapport", "toetsscores", "rapportcijfers",
                "cito-toets", "overzicht toetsen", "toetsrapport", "leerlingvolgtoetsen",
                "overzicht van toetsresultaten", "eerste rapport", "tweede rapport", "leerlingkaart",
                "alternatief leerlingrapport", "lvs-overzicht", "overzicht resultaten", "methodetoets", "cijferkaart",
                "lovs-toetsen", "uitslag toets", "toetsafname", "rapport groep", "leerlingprofiel", "m-toetsen",
                "e-toetsen", "cito leerlingrapport", "mijn rapport", "iep leerlingvolgsysteem",
                "individueel overzicht", "toetskaart", "toetsgegevens", "leerlingresultaten", "toetsprofiel",
                "niveauoverzicht", "cijferlijst groep", "resultatenkaart", "voortgangsoverzicht", "rapportfolio",
                "portfolio rapport", "toetsgrafiek", "leerlingrapportage", "overzicht scores", "toetsscore",
                "boom lvs", "dia-toetsen", "citotoetsen", "leerling in beeld", "uitslag toetsen",
            ),
            5: (
                "rapportage toetsen", "cito", "rapport leerjaar", "rapport klas", "rapportboekje", "toetsen",
                "leeropbrengsten",
            ),
            3: ("rapport", "resultaten", "toets", "cijferlijst"),
        },
        {
            2: (
                "vaardigheidsscore", "begrijpend lezen", "technisch lezen", "rekenen-wiskunde",
                "functioneringsniveau", "werkwoordspelling", "niveauwaarde", "leesvaardigheid", "woordenschat",
                "drie-minuten-toets", "dmt", "avi", "methodegebonden", "vaardigheidsgroei", "iep", "taalverzorging",
                "aantal punten", "referentieniveau", "hoofdrekenen", "cito", "niveau i", "afname",
            ),
            1: (
                "spelling", "rekenen", "score", "niveau", "wereldorientatie", "werkhouding", "voldoende", "cijfer",
                "gemiddelde", "aardrijkskunde", "geschiedenis", "topografie", "gymnastiek", "aantal goed",
                "landelijk gemiddelde", "overgegaan naar", "bevorderd naar", "handvaardigheid", "onvoldoende",
                "ruim voldoende", "begrijpend luisteren", "engels", "je gaat naar groep", "natuur", "techniek",
                "tekenen", "muziek", "vak", "toets", "toetsen",
            ),
        },
    ),
    "OND-04": Vocabulary(
        {
            7: (
                "doorstroomtoets", "schooladvies", "basisschooladvies", "definitief advies", "voorlopig advies",
                "heroverweging advies", "heroverweging schooladvies", "eindtoets", "toetsadvies", "adviesgesprek",
                "bijstelling advies", "adviesformulier", "advies voortgezet onderwijs", "vo-advies",
                "bijgesteld advies", "adviesbrief voortgezet", "eindadvies", "pre-advies", "voorlopig schooladvies",
                "definitief schooladvies", "plaatsingsadvies", "advies vervolgonderwijs",
                "adviesformulier vervolgonderwijs", "advies vo", "uitslag doorstroomtoets",
                "resultaat doorstroomtoets", "adviesblad", "heroverweging van het advies",
                "heroverweging van het schooladvies", "advies middelbare school", "vervolgadvies",
                "schoolkeuzeadvies", "schoolkeuze advies", "advies brugklas", "bijstelling schooladvies",
                "bijgesteld schooladvies", "leerlingrapport doorstroomtoets", "rapport doorstroomtoets",
            ),
            5: ("vervolgonderwijs", "schoolkeuze"),
        },
        {
            2: (
                "schooladvies", "doorstroomtoets", "voortgezet onderwijs", "toetsadvies", "bijstellen", "vmbo-t",
                "havo/vwo", "vmbo-gt", "ons advies", "advies bijgesteld", "passend advies", "advies luidt",
                "het advies", "eerste advies", "vmbo-kader", "vmbo-basis", "middelbare school", "eindadvies",
            ),
            1: ("vmbo", "havo", "vwo", "gymnasium", "brugklas", "standaardscore", "advies", "praktijkonderwijs"),
        },
    ),
    "OND-05": Vocabulary(
        {
            7: (
                "handelingsplan", "observatieverslag", "lvs-notitie", "leerlingbespreking",
                "individueel handelingsplan", "begeleidingsplan", "klassenobservatie", "observatielijst",
                "evaluatie handelingsplan", "hulpplan", "leerlingnotitie", "verslag observatie",
                "observatieformulier", "kijkwijzer", "kindgesprek", "rt-verslag", "remedial teaching",
                "individueel begeleidingsplan", "notitie leerlingvolgsysteem", "observatie in de klas",
                "notitie leerling", "leergesprek", "handelingsplan lezen", "handelingsplan rekenen",
                "handelingsplan gedrag", "individueel plan", "groepsobservatie leerling", "werkplan leerling",
                "leerlinggesprek", "begeleidingsverslag", "plan voor extra hulp", "extra hulp in de groep",
                "kindplan", "leerlingplan", "ondersteuningsplan", "observatie verslag", "observatie gedrag",
                "observatie werkhouding", "plan van aanpak gedrag", "plan van aanpak rekenen",
                "plan van aanpak lezen", "plan van aanpak spelling", "werkplan", "oefenplan", "leesplan", "rekenplan",
                "begeleidingsoverzicht", "verslag kindgesprek", "kindgesprekken", "groeigesprek leerling",
                "verslag leerlingbespreking", "korte termijn plan", "individuele leerlijn", "didactisch plan",
                "gedragsplan", "evaluatie hulpplan", "evaluatie plan", "stimuleringsplan", "zorgplan groep",
                "signaleringslijst", "screeningslijst", "sociogram", "sociaal-emotionele vragenlijst",
                "leerlingverslag", "logboek leerling",
            ),
            5: ("observatie", "notitie", "plan van aanpak", "leerlingvolgsysteem", "logboek", "lvs"),
        },
        {
            2: (
                "beginsituatie", "onderwijsbehoeften", "taakgericht", "geobserveerd", "stimulerende factoren",
                "concrete doelen", "korte termijn doel", "organisatie en tijd", "taakwerkhouding", "wat gaan we doen",
                "smart", "observant", "geoefend", "extra oefenen", "oefenen met", "onderwijsassistent",
                "hoe pakken we", "wat willen we bereiken", "keer per week", "begeleiding in de groep",
                "leesbegeleiding", "in kleine groep", "geobserveerde", "werkt zelfstandig",
            ),
            1: (
                "doelen", "doel", "aanpak", "evaluatie", "instructie", "werkhouding", "concentratie", "in de klas",
                "extra begeleiding", "observatie", "belemmerende factoren", "interventie", "verlengde instructie",
                "tijdens de les", "oefenen", "evaluatiedatum", "zelfstandig",
            ),
        },
    ),
    "OND-06": Vocabulary(
        {
            7: (
                "centraal examen", "centraal schriftelijk", "examenwerk", "eindexamenwerk", "gemaakt examen",
                "cse-werk", "examenopgaven", "uitwerkbijlage", "centraal eindexamen",
            ),
        },
        {
            2: (
                "eerste corrector", "tweede corrector", "correctievoorschrift", "tijdvak", "kandidaatnummer",
                "examennummer",
            ),
            1: ("examen", "kandidaat", "corrector", "aantal punten", "n-term", "vraag 1"),
        },
    ),
    "OND-07": Vocabulary(
        {
            7: (
                "schoolexamen", "examendossier", "programma van toetsing en afsluiting", "profielwerkstuk",
                "schoolexamencijfers", "overzicht schoolexamen", "pta", "se-cijfers", "schoolexamendossier",
                "herkansing schoolexamen",
            ),
        },
        {
            2: ("se-cijfer", "herkansing", "schoolexamen", "weging", "inhaaltoets", "handelingsdeel afgerond"),
            1: ("examen", "periode 1", "profiel", "pta"),
        },
    ),
    "OND-08": Vocabulary(
        {
            7: (
                "diploma", "diplomaregister", "cijferlijst eindexamen", "getuigschrift", "cijferlijst vwo",
                "cijferlijst havo", "cijferlijst vmbo", "uitslag eindexamen", "examenuitslag", "cijferlijst diploma",
                "voorlopige cijferlijst", "schooldiploma", "lijst van eindcijfers",
            ),
            5: ("cijferlijst", "certificaat"),
        },
        {
            2: (
                "is geslaagd", "het diploma", "eindcijfer", "met goed gevolg", "waarmerk",
                "heeft voldaan aan het eindexamen", "afgelegd het eindexamen",
            ),
            1: (
                "geslaagd", "eindexamen", "cijfer voor het schoolexamen", "centraal examen",
                "secretaris van het eindexamen",
            ),
        },
    ),
    "OND-09": Vocabulary(
        {
            7: (
                "groepsplan", "groepsoverzicht", "groepshandelingsplan", "klassenlijst", "groepsbespreking",
                "klassenoverzicht", "blokplan", "groepslijst", "leerlingenlijst", "didactisch groepsoverzicht",
                "groepsrapportage", "groepsanalyse", "klassenplan",
            ),
        },
        {
            2: (
                "instructieafhankelijk", "instructiegevoelig", "instructieonafhankelijk", "basisgroep",
                "intensieve groep", "subgroep", "plusgroep", "verdiept arrangement", "basisarrangement",
                "intensief arrangement", "clusteren",
            ),
            1: ("namen leerlingen", "groepsdoel", "groep als geheel", "leerlingen"),
        },
    ),
    "OND-10": Vocabulary(
        {
            7: (
                "stageovereenkomst", "stageverslag", "stagebeoordeling", "praktijkovereenkomst", "stagecontract",
                "stageplan", "stageformulier", "portfolio", "beoordeling stage", "evaluatie stage",
                "arbeidstoeleiding", "stagemap", "beroepspraktijkvorming", "stageopdracht", "stageverklaring",
                "verslag stage", "stage-overeenkomst", "snuffelstage",
            ),
            5: ("stage", "leerwerktraject"),
        },
        {
            2: (
                "stagebedrijf", "stagebegeleider", "stageplaats", "leerwerkplek", "stagiair", "stageperiode",
                "leerbedrijf",
            ),
            1: ("werkgever", "praktijkonderwijs", "werkzaamheden", "vso", "stage", "competenties"),
        },
    ),
    "GES-01": Vocabulary(
        {
            7: (
                "verslag oudergesprek", "oudergesprek", "gespreksverslag", "verslag gesprek",
                "verslag van het gesprek", "gespreksnotitie", "telefoonnotitie", "telefoongesprek",
                "gesprek met ouders", "gespreksformulier", "tienminutengesprek", "10-minutengesprek",
                "10 minuten gesprek", "voortgangsgesprek", "startgesprek", "huisbezoek", "oudercontact",
                "mailwisseling", "verslag van gesprek", "kennismakingsgesprek", "driehoeksgesprek",
                "gesprek met de ouders", "notulen oudergesprek", "verslag ouderavond", "gespreksnotulen",
                "rapportgesprek", "brief aan ouders", "brief aan de ouders", "verslag telefonisch contact",
                "verslag van een gesprek", "bericht van ouders", "contactmoment", "evaluatiegesprek ouders",
                "gesprek ouders", "uitnodiging gesprek", "uitnodiging oudergesprek", "uitnodiging voor een gesprek",
                "gesprek met moeder", "gesprek met vader", "omgekeerd oudergesprek", "ouder-kindgesprek",
                "ouderkindgesprek", "correspondentie ouders", "verslag contact", "verslag 10-minutengesprek",
                "bespreking met ouders", "gespreksaantekening", "contact met ouders", "welbevindengesprek",
                "oudergesprekken", "bevestiging afspraken", "bevestiging van ons gesprek", "overleg met ouders",
                "ons gesprek", "contactverslag", "contactregistratie", "contactformulier", "belnotitie",
                "terugbelnotitie", "notitie gesprek", "notitie telefoongesprek", "verslag telefoongesprek",
                "verslag gesprek ouders", "ouderverslag", "gesprek met de moeder", "gesprek met de vader",
                "verslag kennismakingsgesprek", "verslag startgesprek", "gesprek ouder", "antwoord op uw brief",
                "antwoord op uw vraag", "uw brief", "uw vraag", "uw bericht", "reactie op uw brief",
                "reactie op uw mail", "onze afspraken", "onze afspraken over", "gemaakte afspraken",
                "afspraken na gesprek", "afspraken na het gesprek", "informatie voor ouders", "bericht aan ouders",
                "bedankt voor het gesprek", "terugblik gesprek", "samenvatting gesprek",
                "samenvatting van het gesprek",
            ),
            4: ("uw mail", "vraag over", "zorgen over"),
            3: ("gesprek", "correspondentie", "afspraken", "e-mail"),
        },
        {
            2: (
                "ouders geven aan", "moeder geeft aan", "vader geeft aan", "ouders vertellen", "moeder vertelt",
                "vader vertelt", "ouders herkennen", "gemaakte afspraken", "ouders zijn het eens", "ouders vragen",
                "ouders zien", "gespreksverslag", "tijdens het gesprek", "ouders herkennen dit", "thuis vertelt",
                "contact met", "moeder belde", "vader belde", "moeder belt", "vader belt", "samen afgesproken",
                "hebben we afgesproken", "wij spraken", "spraken wij", "we spraken", "schreef u ons", "uw vraag",
                "met ouders besproken", "komt verdrietig thuis", "langskomen", "ouders gesproken",
                "dank voor uw komst",
            ),
            1: (
                "besproken", "afspraken", "aanwezig", "geachte ouder", "beste ouder", "gesprek", "thuis",
                "vervolgafspraak", "beste meester", "beste juf", "geachte heer", "met vriendelijke groet",
                "beste ouders", "geachte ouders", "afgesproken", "spreken elkaar", "tot ziens",
            ),
        },
    ),
}  # fmt: skip
