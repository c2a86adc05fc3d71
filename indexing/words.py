"""The words that the analyser must know: stop words, families that a stemmer breaks, parts of school compounds.

All folded (lower case, no accents). Whoever changes a list raises `indexing.analysis.ANALYSER_VERSION`.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS = _words(
    """aan al alle als bij dan dat de der des deze die dit door een en er ge geen haar had heb hebben heeft hem hen
    het hier hij hoe hun ik in is je kan me men met mij mijn na naar niet nog nu of om onder ons ook op over te tegen
    ten ter tot u uit uw van voor was wat we wel werd wie wij worden wordt ze zei zich zij zijn zo zonder zou"""
)

# Each line is one family: every form is searched as the first.
_FAMILIES = """
toets toetsen toetst toetste toetsing toetsingen getoetst
advies adviezen adviseren adviseert adviseerde geadviseerd advisering
kind kinderen kinder kindje kindjes
arts artsen
gegeven gegevens
examen examens
onderzoek onderzoeken onderzocht onderzoekt onderzochten
lid leden ledematen
stad steden
schip schepen
besluit besluiten besloten
bespreking besprekingen besproken bespreken bespreekt
gesprek gesprekken
inschrijving inschrijvingen inschrijven ingeschreven inschrijf inschrijft
uitschrijving uitschrijvingen uitschrijven uitgeschreven
aanmelding aanmeldingen aanmelden aangemeld aanmeldt
afmelding afmeldingen afmelden afgemeld
verwijzing verwijzingen verwijzen verwezen verwijst
plaatsing plaatsingen plaatsen geplaatst plaatst
overdracht overdrachten overdragen overgedragen
opname opnames opnemen opgenomen
behandeling behandelingen behandelen behandeld behandelt
begeleiding begeleiden begeleid begeleidt
begeleider begeleiders begeleidster begeleidsters
verlof verloven
verzuim verzuimen verzuimd verzuimt
schorsing schorsingen schorsen geschorst
verwijdering verwijderingen verwijderen verwijderd
afspraak afspraken
aanvraag aanvragen aangevraagd
vraag vragen gevraagd
opdracht opdrachten
uitslag uitslagen
verslag verslagen
beslag beslagen
gedrag gedragingen
bedrag bedragen
brief brieven briefje
bewijs bewijzen
reis reizen
huis huizen
vaardigheid vaardigheden
bijzonderheid bijzonderheden
moeilijkheid moeilijkheden
mogelijkheid mogelijkheden
werkzaamheid werkzaamheden
afwezigheid afwezigheden
zorg zorgen
zus zussen zusje
broer broers broertje
oma omas
opa opas
foto fotos
diploma diplomas
cv cvs
opp opps
ib ibs
medicijn medicijnen
allergie allergieen allergisch
therapie therapieen
logopedie logopedist logopediste logopedisch logopedische
psycholoog psychologen
pedagoog pedagogen
orthopedagoog orthopedagogen
museum musea
datum data datums
basis bases
groepsplan groepsplannen
handelingsplan handelingsplannen
rapport rapporten
rapportage rapportages
dossier dossiers
adres adressen
les lessen
klas klassen
groep groepen
school scholen
stem stemmen gestemd
tand tanden
ei eieren
blad bladen bladeren
weg wegen
dag dagen
glas glazen
cijfer cijfers
getuigschrift getuigschriften
machtiging machtigingen gemachtigd
verklaring verklaringen verklaren verklaard verklaart
"""

FAMILY: dict[str, str] = {
    form: line.split()[0] for line in _FAMILIES.strip().splitlines() for form in line.split() if form
}

COMPOUND_PARTS = _words(
    """aanbod aanmeld aanmelding aanpak aanvraag absentie administratie advies adviezen afspraak afspraken akte allergie
    analyse arrangement arts attest autisme avond basis basisschool bedrag begeleiding bekostiging beleid beoordeling
    beroep beschikking besluit bespreking bestuur betaling bevinding bewijs bezoek bezwaar bijdrage bijlage bijzonder
    blad brief brieven brugklas centrum certificaat check cijfer cijfers coach code commissie contact contract controle
    coordinator curriculum dag dans diagnose diagnostiek dienst diploma docent dossier duur dyscalculie dyslexie eind
    einde epilepsie evaluatie examen examens factuur fase formulier foto gedrag gegevens gesprek gesprekken gewicht
    gezag gezin gezondheid gids gips groep groepen gym handeling hulp huis huisarts huiswerk identiteit indicatie
    informatie inlichting inschrijf inschrijving inspectie instelling instructie intake intelligentie interventie
    jaar jeugd jeugdzorg kaart kamp kans kind kinder kinderen kleuter klas klassen kring kwaliteit leer leerkracht
    leerling leerlingen leerplicht leerstof les lessen lezen lijst lijsten logopedie luizen maatwerk medicatie
    medicijn medicijnen meld melding meldcode mentor middel middelen migratie moment motoriek muziek naam nota notitie
    observatie onderbouw onderwijs onderzoek ondersteuning ontheffing ontwikkeling oordeel opleiding oudergesprek
    ouder ouders overdracht overgang overleg overstap overzicht pas paspoort pedagoog peil perspectief peuter pinda
    plaats plaatsing plan plannen pleegzorg plicht praktijk proces procedure profiel programma protocol psycholoog
    punt raad rapport rapporten rapportage regeling regel regels reis reken rekenen rekening resultaat resultaten
    samenwerking schade scholen school schorsing score scores screening signaal signalering spel spelling sport
    sprong spraak stage stand start status stoornis studie stuk stukken systeem taal tafel tand team tekort test
    testen therapie toelage toelating toestand toestemming toets toetsen traject trajecten tussen uitschrijving
    uitslag uitstroom vader vaccinatie vaardigheid vaardigheden veiligheid vergadering vergoeding verhaal verhuizing
    verklaring verklaringen verlenging verlof vermogen verslag verslagen verwijzing verwijdering verzoek verzoeken
    verzuim vakantie voeding volg volgsysteem voogd voogdij voortgang vorm vraag vragen vragenlijst vrijstelling week
    werk werkstuk wet wijk woorden woordenschat zorg zorgplan ziekte zwem zwemmen"""
)
