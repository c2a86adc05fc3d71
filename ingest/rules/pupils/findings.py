"""All that can be said about a row of a pupil list: a stable code, what is the matter, and what to do about it.

Texts never hold a BSN or another identifying number; places are columns, row numbers and leerlingnummers.
"""

from dataclasses import dataclass

from dms.kernel.outcome import Reason
from dms.kernel.text import N_


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason with advice; both are Dutch source texts that share the reason's fill-ins."""

    reason: Reason
    advice: str

    @property
    def code(self) -> str:
        """The stable code of the reason."""
        return self.reason.code

    def advice_text(self) -> str:
        """The advice in the source language, places filled in."""
        return self.advice % self.reason.params if self.reason.params else self.advice


_TEXTS: dict[str, tuple[str, str]] = {
    # errors: the row is left out
    "number_missing": (N_("Het leerlingnummer ontbreekt."), N_("Vul het leerlingnummer in.")),
    "number_wrong": (
        N_("Het leerlingnummer klopt niet."),
        N_("Maak de kolom leerlingnummer op als tekst en maak het bestand opnieuw."),
    ),
    "name_missing": (N_("De naam ontbreekt."), N_("Vul een roepnaam of een achternaam in.")),
    "too_long": (N_("De cel %(column)s is te lang."), N_("Kort de tekst in tot %(most)d tekens.")),
    "too_many_cells": (
        N_("De rij heeft meer cellen dan er kolommen zijn."),
        N_("Zet tekst met een scheidingsteken tussen aanhalingstekens."),
    ),
    "date_wrong": (
        N_("De datum in %(column)s bestaat niet of is niet te lezen."),
        N_("Schrijf de datum als dag-maand-jaar, bijvoorbeeld 31-08-2014."),
    ),
    "birth_date_impossible": (
        N_("De geboortedatum kan niet kloppen: hij ligt in de toekomst of te ver terug."),
        N_("Verbeter de geboortedatum."),
    ),
    "bsn_wrong": (
        N_("In %(column)s staat geen nummer van 9 cijfers."),
        N_("Maak de kolom op als tekst, zodat alle cijfers blijven staan."),
    ),
    "yes_no_wrong": (N_("In %(column)s staat geen ja of nee."), N_("Vul ja of nee in.")),
    "end_before_start": (
        N_("De uitschrijfdatum ligt voor de inschrijfdatum."),
        N_("Verbeter de inschrijfdatum of de uitschrijfdatum."),
    ),
    "other_school": (
        N_("De rij hoort bij een andere school."),
        N_("Importeer deze leerling bij de school van dat BRIN-nummer."),
    ),
    # conflicts: a person must look
    "number_twice": (
        N_("Dit leerlingnummer staat in het bestand bij verschillende leerlingen (rij %(rows)s)."),
        N_("Geef elke leerling een eigen leerlingnummer."),
    ),
    "bsn_twice": (
        N_("Hetzelfde BSN of onderwijsnummer staat bij meer leerlingnummers (rij %(rows)s)."),
        N_("Kijk welk leerlingnummer bij de leerling hoort en haal de andere rij weg."),
    ),
    "claimed_twice": (
        N_("Meer rijen horen bij dezelfde bekende leerling (rij %(rows)s)."),
        N_("Kijk welke rij bij de leerling hoort en haal de andere weg."),
    ),
    "numbers_disagree": (
        N_("Het leerlingnummer hoort bij een andere leerling dan het BSN of onderwijsnummer."),
        N_("Verbeter het nummer dat niet klopt."),
    ),
    "other_person": (
        N_("Bij dit nummer is een andere leerling bekend: naam en geboortedatum kloppen niet met elkaar."),
        N_("Geef de nieuwe leerling een eigen leerlingnummer, of verbeter naam en geboortedatum."),
    ),
    "other_bsn": (
        N_("Bij dit leerlingnummer is een ander BSN of onderwijsnummer bekend, en een andere naam of geboortedatum."),
        N_("Kijk of het om dezelfde leerling gaat en verbeter wat niet klopt."),
    ),
    "looks_known": (
        N_("Deze leerling lijkt op een bekende leerling met leerlingnummer %(number)s."),
        N_("Gebruik dat leerlingnummer. Zijn het twee leerlingen, vul dan bij beiden het BSN in."),
    ),
    "skipped": (N_("U slaat deze rij over."), N_("Kies iets anders als de rij toch mee moet.")),
    "key_twice": (
        N_("Dezelfde sleutel staat bij meer leerlingen (rij %(rows)s)."),
        N_("Laat de leverancier van het LVS dit herstellen, of sla een van de twee over."),
    ),
    "key_missing": (N_("De leerling heeft geen sleutel."), N_("Maak het bestand opnieuw in het LVS.")),
    # warnings: the row goes in
    "same_pupil_row": (N_("Deze rij hoort bij de leerling van rij %(row)d."), ""),
    "bsn_check": (N_("Het nummer in %(column)s voldoet niet aan de controle."), N_("Vergelijk het met de bron.")),
    "bsn_swapped": (N_("BSN en onderwijsnummer stonden verwisseld; dat is hersteld."), ""),
    "bsn_changed": (N_("Het BSN of onderwijsnummer is anders dan eerst."), N_("Vergelijk het met de bron.")),
    "gender_unknown": (N_("Het geslacht is niet herkend en is niet overgenomen."), N_("Vul M, V of X in.")),
    "email_wrong": (
        N_("Het e-mailadres in %(column)s klopt niet en is niet overgenomen."),
        N_("Verbeter het e-mailadres."),
    ),
    "email_shared": (
        N_("De verzorgers hebben hetzelfde e-mailadres."),
        N_("Vraag beiden om een eigen e-mailadres; ieder krijgt een eigen account."),
    ),
    "eckid_wrong": (N_("Het ECK iD is niet herkend en is niet overgenomen."), ""),
    "authority_unknown": (
        N_("Het gezag van een verzorger is niet ingevuld en geldt als nee."),
        N_("Vul ja of nee in bij gezag."),
    ),
    "carer_without_name": (
        N_("Een verzorger zonder naam is niet overgenomen."),
        N_("Vul de naam van de verzorger in."),
    ),
    "birth_date_partial": (
        N_("De geboortedatum is niet volledig en telt niet mee bij het herkennen."),
        N_("Vul de datum aan als hij bekend is."),
    ),
    "birth_date_kept": (
        N_("De bekende geboortedatum is vollediger en blijft staan."),
        "",
    ),
    "site_unknown": (N_("De vestiging is niet herkend en is niet overgenomen."), N_("Vul de twee cijfers in.")),
    "key_dummy": (
        N_("De sleutel van de leerling is voorlopig (#) en telt niet mee bij het herkennen."),
        "",
    ),
    "number_made": (
        N_("Het bestand noemt geen leerlingnummer. De leerling krijgt nummer %(number)s."),
        N_("Importeer een leerlingenlijst met leerlingnummers om het aan te vullen."),
    ),
    "number_in_use": (
        N_("De waarde van %(column)s hoort bij een andere leerling en is niet overgenomen."),
        N_("Kijk bij welke leerling dit nummer hoort."),
    ),
    "destroyed_before": (
        N_("Het eerdere dossier van deze leerling is vernietigd. Er komt een nieuw dossier met een verwijzing."),
        "",
    ),
    "group_unknown": (
        N_("De groep met sleutel %(key)s staat niet in het bestand; de leerling is daar niet in geplaatst."),
        N_("Maak het bestand opnieuw in het LVS."),
    ),
    "group_historic": (
        N_("De leerling staat in een historische groep; die telt niet als groep van nu."),
        N_("Is de leerling weg, vul dan in het LVS de uitstroomdatum in."),
    ),
    "xml_unknown": (N_("Regel %(line)d: het element %(name)s hoort hier niet."), ""),
    "xml_value": (N_("Regel %(line)d: de waarde van %(name)s past niet in de standaard."), ""),
    "xml_missing": (N_("Regel %(line)d: het element %(name)s ontbreekt."), ""),
    "xml_more": (N_("En nog %(count)d afwijkingen van de standaard."), ""),
    "belgian_number": (N_("Een rijksregisternummer wordt niet overgenomen."), ""),
    "staff_unknown": (
        N_("Voor de leerkracht van groep %(group)s is er geen mentor met dat e-mailadres."),
        N_("Maak een account met de rol mentor."),
    ),
    "eckid_changed": (N_("Het ECK iD is anders dan eerst; het oude blijft bewaard."), ""),
    "end_date_gone": (
        N_("De leerling is uitgeschreven, maar dit bestand noemt geen uitschrijfdatum."),
        N_("Is de leerling terug, vul dan de nieuwe inschrijfdatum in, of zet `geen` bij uitschrijfdatum."),
    ),
}


def finding(code: str, **params: str | int) -> Finding:
    """The finding with this code. Raises KeyError for a code that is not in the table."""
    text, advice = _TEXTS[code]
    return Finding(Reason(code, text, params), advice)
