"""Names to combine: given names and surnames per background, as heard at a Dutch school gate. Only data.

No list holds combinations: whoever comes out of them is an invention.
"""

from dataclasses import dataclass


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _surnames(text: str) -> tuple[tuple[str, str], ...]:
    """Read `prefix|Surname` items, separated by semicolons."""
    found = []
    for item in text.replace("\n", " ").split(";"):
        prefix, _, surname = item.strip().rpartition("|")
        found.append((prefix.strip(), surname.strip()))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Background:
    """A pool of names that go together. `weight` is its share in a thousand families."""

    key: str
    weight: int
    boys: tuple[str, ...]
    girls: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    surnames: tuple[tuple[str, str], ...]


DUTCH = Background(
    "dutch",
    610,
    _words(
        "Daan Finn Levi Luuk Lars Milan Bram Jesse Thijs Ruben Sven Julian Stijn Gijs Hugo Tijn Mees Jens Cas Floris "
        "Teun Boaz Olivier Siem Jurre Guus Pepijn Niels Tobias Maarten Koen Wessel Bas Joep Quinten Hidde Sjoerd Tygo "
        "Björn Job Kees Willem Roan Dex Tim Max Owen Mats"
    ),
    _words(
        "Tess Fenna Lotte Anna Nora Liv Evi Fleur Roos Sanne Isa Maud Lieke Noor Femke Jasmijn Vera Elin Julia Sofie "
        "Fien Hanna Pien Loïs Zoë Renée Eline Merel Floor Bente Suze Marit Iris Lynn Puck Jette Veerle Amélie Noëlle "
        "Feline Guusje Mirthe Indy Elise Rosalie Tessa Amber Britt"
    ),
    _words(
        "Mark Jeroen Erik Peter Sander Wouter Dennis Martijn Rob Edwin Frank Michiel Bart Marcel Arjan Roel Jaap "
        "Pieter Johan André René Vincent Casper Gerben"
    ),
    _words(
        "Marieke Linda Sandra Esther Inge Monique Annemiek Judith Petra Wendy Marloes Karin Ilse Saskia Mirjam Astrid "
        "Yvonne Anneke Nienke Daphne José Hélène Corine Lisette"
    ),
    _surnames(
        "Jansen; de|Vries; van den|Berg; Bakker; Visser; Smit; Meijer; de|Boer; Mulder; de|Groot; Bos; Vos; Peters;"
        "Hendriks; van|Leeuwen; Dekker; Brouwer; de|Wit; Dijkstra; Smits; de|Graaf; van der|Meer; van der|Linden; Kok;"
        "Jacobs; de|Haan; Vermeulen; van den|Heuvel; van de|Veen; van den|Broek; de|Bruijn; van der|Heijden; Schouten;"
        "van|Beek; Willems; van|Vliet; van de|Ven; Hoekstra; Maas; Verhoeven; Koster; van|Dam; Prins; Blom; Huisman;"
        "Peeters; de|Jonge; Kuipers; van|Veen; Kuiper; Post; Postma; Veenstra; Kramer; van|Wijk; Vink; van den|Brink;"
        "Timmermans; Scholten; van de|Pol; Groen; Sanders; van der|Horst; van|Loon; Bosman; Schipper; van den|Bosch;"
        "Hofman; Verbeek; van|Es; Driessen; van|Rijn; Groeneveld; Mol; Boersma; Bouwman; Wolters; Gerritsen; ter|Horst;"
        "Zijlstra; van 't|Hof; van 't|Wout; 't|Hart; ten|Brink; te|Velde; op den|Kamp; in 't|Veld; den|Hartog;"
        "v.d.|Laan; van der|Wal; van de|Kerkhof; Hazelhoff; Wiersma; Terpstra; Nijhuis; Oude|Wesselink; van|Overbeeke;"
        "Steenbergen"
    ),
)

TURKISH = Background(
    "turkish",
    90,
    _words("Emir Yusuf Ömer Kerem Can Deniz Mert Arda Eren Burak Çınar Efe"),
    _words("Elif Zeynep Defne Ecrin Azra Nisa Ceylin Eylül İrem Melisa Beyza Şeyma"),
    _words("Mehmet Murat Hakan Serkan Ömer Yasin Kadir Volkan"),
    _words("Ayşe Fatma Gülsüm Emine Sevgi Hülya Özlem Dilek"),
    _surnames("Yıldız; Şahin; Öztürk; Çelik; Kaya; Demir; Arslan; Doğan; Aydın; Yılmaz; Koç; Özdemir; Güneş; Kılıç"),
)

MOROCCAN = Background(
    "moroccan",
    95,
    _words("Adam Ilias Ayoub Bilal Zakaria Amine Yassin Imran Sami Ismaïl Nassim Anouar"),
    _words("Amina Inès Yasmine Nour Salma Hajar Aya Sara Lina Malak Soumaya Ikram"),
    _words("Mohamed Hassan Rachid Abdel Khalid Youssef Driss Saïd"),
    _words("Naima Samira Khadija Latifa Malika Hafida Nadia Rachida"),
    _surnames(
        "el|Amrani; el|Khattabi; Bouzidi; Ait|Lahcen; ben|Ali; Benali; el|Haddadi; Azzouzi; Chaoui; Ouali; el|Yousfi;"
        "Tahiri; Amghar; Boutaleb"
    ),
)

SURINAMESE = Background(
    "surinamese",
    60,
    _words("Jayden Shaquille Dylan Rishi Vinay Giovanni Ryan Ravi Xavier Miguel"),
    _words("Shanaya Anjali Priya Naomi Kiara Shivani Jada Esmée Destiny Romaissa"),
    _words("Orlando Ruben Anand Glenn Rakesh Stanley Dennis"),
    _words("Chantal Sharmila Maureen Indra Patricia Radha Muriël"),
    _surnames(
        "Ramdin; Kartosen; Ramsaran; Pinas; Vreugd; Blackman; Biharie; Jagroep; Doelwijt; Sordjo; Lachman; Wijngaard"
    ),
)

POLISH = Background(
    "polish",
    55,
    _words("Łukasz Jakub Kacper Szymon Filip Wojciech Mikołaj Oskar"),
    _words("Zofia Maja Zuzanna Oliwia Lena Wiktoria Małgorzata Hania"),
    _words("Piotr Tomasz Paweł Krzysztof Marek Grzegorz"),
    _words("Agnieszka Magdalena Joanna Katarzyna Beata Elżbieta"),
    _surnames("Nowak; Wójcik; Mazur; Król; Wróbel; Pawlak; Dudek; Stępień; Zając; Sikora"),
)

ELSEWHERE = Background(
    "elsewhere",
    90,
    _words("José Mateo Tiago André Kofi Kwame Minh Wei Omar Karam Danylo Luca Noël Elias"),
    _words("Lucía Inês Chloé Anaïs Abena Mei Rima Sofiia Giulia Beatriz Layal Thuy Saoirse Maëlle"),
    _words("Carlos Antonio Kwabena Feng Samer Andriy Marco Didier"),
    _words("María Teresa Akosua Lihua Rania Oksana Francesca Nathalie"),
    _surnames(
        "Fernández; da|Silva; dos|Santos; Gonçalves; Mensah; Owusu; Nguyen; Zhang; al|Masri; al|Hamwi; Kovalenko;"
        "Rossi; Dubois; Pérez; O'Brien; von|Stein; Müller; Almeida"
    ),
)

BACKGROUNDS: tuple[Background, ...] = (DUTCH, TURKISH, MOROCCAN, SURINAMESE, POLISH, ELSEWHERE)

SECOND_NAMES_BOYS = _words("Johannes Cornelis Maria Hendrik Alexander Pieter Jacob Willem Antonius")
SECOND_NAMES_GIRLS = _words("Maria Johanna Catharina Elisabeth Sophia Anna Petronella Louise Margaretha")

STREETS = (
    "Kievitstraat", "Lindelaan", "Molenweg", "Dorpsstraat", "Burgemeester Kortlaan", "Waterlelie", "Prins Clausplein",
    "Notenboom", "Havikshorst", "Oude Veerweg", "De Dissel", "Spoorsingel", "Meidoornhof", "Korenbloemstraat",
    "Zuiderdiep", "Kapelweg", "Reigersbek", "Esdoornlaan", "Nieuwe Gracht", "Schoutenerf",
)  # fmt: skip
TOWN = "Oeverzand"
POSTCODE_DIGITS = ("3998", "3999")
MAIL_DOMAINS = ("post.example", "mijnmail.example", "thuis.example", "familie.example")
