"""A small world of schools, pupils, papers, shields and people, made from a seed; all of it invented."""

import random
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from dms.model.catalogue import Level
from indexing.port import IndexEntry
from indexing.visibility import IndexMask, ShieldRow, mask
from rights.rules.actions import Action, Reach
from rights.rules.facts import Actor, ChildHeld, GroupHeld, RoleHeld, Shield, Target
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine
from rights.rules.scope import Scope, scope

TODAY = date(2026, 3, 12)
CATEGORIES = ("ADM-01", "ADM-02", "OND-01", "OND-03", "ZRG-01", "ZRG-03", "VEI-02")
CATEGORY_NAMES = {
    "ADM-01": "In- en uitschrijving",
    "ADM-02": "Verzuim en afwezigheid",
    "OND-01": "Onderwijskundig rapport",
    "OND-03": "Toetsen en rapporten",
    "ZRG-01": "Ontwikkelingsperspectief",
    "ZRG-03": "Verslag van onderzoek",
    "VEI-02": "Melding veiligheid",
}
WORDS = tuple(
    re.split(
        r"\s+",
        """toets toetsen advies adviezen dyslexieverklaring dyslexie verklaring rapport verslag gesprek de het van
    een ouders moeder Jansen Yıldız coördinator handelingsplan logopedie logopedieverslag oudergesprek
    e-mail foto's kind kinderen verzuim verlof 2026 100234 12-03-2026 12 maart zorgoverleg brief brieven
    allergie pinda medicijnen begeleiding beleid school scholen onderzoek Müller niet met""",
    )
)
FIRST = ("Joris", "Lotte", "Zeynep", "Noor", "Sem", "Ömer", "Björn", "Anna")
LAST = ("Jansen", "de Wit", "van den Berg", "Yıldız", "El Amrani", "Jansma", "Øverland", "Janssen")
LINES = (
    ("administratie", Reach.SCHOOL, Level.L2, "ADM-* OND-*", "see read"),
    ("mentor", Reach.OWN_GROUPS, Level.L2, "OND-* ADM-02 ZRG-01", "see read"),
    ("intern_begeleider", Reach.SCHOOL, Level.L3, "ADM-01 OND-* ZRG-* VEI-02", "see read"),
    ("directeur", Reach.SCHOOL, Level.L3, "*", "see read"),
    ("directeur", Reach.SCHOOL, Level.L4, "VEI-*", "see read"),
    ("fg", Reach.BOARD, Level.L4, "*", "see"),
    ("archiefbeheerder", Reach.BOARD, Level.L4, "*", "see"),
    ("applicatiebeheerder", Reach.SCHOOL, Level.L1, "", ""),
    ("ouder", Reach.OWN_CHILD, Level.L3, "OND-* ADM-01 ZRG-01 ZRG-03", "see read"),
    ("leerling", Reach.SELF, Level.L3, "OND-*", "see read"),
)


@dataclass
class World:
    """Everything a search is judged by."""

    entries: dict[UUID, IndexEntry]
    targets: dict[UUID, Target]
    shields: list[tuple[ShieldRow, Shield]]
    groups: dict[UUID, frozenset[UUID]]
    actors: list[Actor]
    matrices: dict[UUID, Matrix]

    def scope_of(self, actor: Actor, action: Action) -> Scope:
        return scope(actor, action, self.matrices, TODAY)

    def mask_of(self, actor: Actor, action: Action) -> IndexMask:
        shut = [row for row, shield in self.shields if actor.user_id not in shield.people]
        return mask(self.scope_of(actor, action), self.groups, shut)


def text(rng: random.Random, length: int) -> str:
    return " ".join(rng.choices(WORDS, k=length))


def make_world(seed: int, placements: int = 140) -> World:
    rng = random.Random(seed)

    def new() -> UUID:
        return UUID(int=rng.getrandbits(128))

    boards = [new(), new()]
    schools = [(boards[0], new()), (boards[0], new()), (boards[1], new())]
    groups: dict[UUID, set[UUID]] = {}
    school_of_group = {}
    for _, school in schools:
        for _ in range(2):
            group = new()
            groups[group], school_of_group[group] = set(), school
    pupils = []
    for _ in range(24):
        board, school = rng.choice(schools)
        pupil = new()
        here = [x for x, s in school_of_group.items() if s == school]
        for group in rng.sample(here, rng.choice((0, 1, 1, 1, 2))):
            groups[group].add(pupil)
        name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        pupils.append((board, school, pupil, new(), name, str(rng.randint(100200, 100250))))
    placed = {g: frozenset(x) for g, x in groups.items()}

    matrix = Matrix(
        1,
        tuple(
            MatrixLine(
                number,
                role,
                reach,
                level,
                tuple(CategoryPattern(x) for x in names.split()),
                frozenset(Action(x) for x in actions.split()),
            )
            for number, (role, reach, level, names, actions) in enumerate(LINES)
        ),
    )
    actors = []
    for _ in range(30):
        board, school = rng.choice(schools)
        roles = tuple(
            RoleHeld(
                x,
                board,
                rng.choice((school, school, None)),
                until=rng.choice((None, None, None, TODAY, TODAY + timedelta(days=9))),
            )
            for x in rng.sample([x[0] for x in LINES], rng.choice((0, 1, 1, 2)))
        )
        mine = [g for g, s in school_of_group.items() if s == school]
        actors.append(
            Actor(
                new(),
                disabled=rng.random() < 0.05,
                roles=roles,
                groups=tuple(GroupHeld(g, school) for g in rng.sample(mine, rng.choice((0, 1, 2)))),
                children=tuple(ChildHeld(p[2], p[1], rng.random() < 0.7) for p in rng.sample(pupils, 2)),
                oneself=tuple(ChildHeld(p[2], p[1], True) for p in rng.sample(pupils, rng.choice((0, 1)))),
            )
        )

    entries: dict[UUID, IndexEntry] = {}
    while len(entries) < placements:
        document, words, title = new(), text(rng, rng.randint(1, 40)), text(rng, rng.randint(0, 4))
        day = rng.choice((None, date(2024, 1, 1) + timedelta(days=rng.randint(0, 900))))
        for board, school, pupil, dossier, name, number in rng.sample(pupils, rng.choice((1, 1, 1, 2, 3))):
            category = rng.choice(CATEGORIES)
            placement = new()
            entries[placement] = IndexEntry(
                placement, document, board, school, pupil, dossier, category, rng.choice(list(Level)), 1, words, title,
                name, number, CATEGORY_NAMES[category], (text(rng, 1),) * rng.choice((0, 1)), day,
                rng.choice(("scanner", "mail", "")), rng.random() < 0.7,
            )  # fmt: skip
    shields = []
    for entry in rng.sample(list(entries.values()), 12):
        row = rng.choice(
            (
                ShieldRow(dossier_id=entry.dossier_id),
                ShieldRow(document_id=entry.document_id),
                ShieldRow(dossier_id=entry.dossier_id, category=entry.category),
                ShieldRow(dossier_id=entry.dossier_id, document_id=entry.document_id),
            )
        )
        people = frozenset(x.user_id for x in rng.sample(actors, 10))
        shields.append((row, Shield(new(), people)))
    targets = {
        x.placement_id: Target(
            x.board_id, x.school_id, x.pupil_id, x.dossier_id, x.category, x.level,
            frozenset(g for g, p in placed.items() if x.pupil_id in p), x.confirmed,
            tuple(s for row, s in shields if row.covers(x.document_id, x.dossier_id, x.category)),
            x.document_id, x.placement_id,
        )
        for x in entries.values()
    }  # fmt: skip
    return World(entries, targets, shields, placed, actors, dict.fromkeys(boards, matrix))


def changed(entry: IndexEntry, rng: random.Random) -> IndexEntry:
    """The same placement after an edit of its text."""
    return replace(entry, text=text(rng, 12), index_version=entry.index_version + 1)


_SHAPES = (
    "{a}", "{a}", "{a} {b}", "{a} {b} {c}", "{a} OF {b}", "-{a}", "{a} -{b}", '"{a} {b}"', '"{a} {b} {c}"', "{p}*",
    "{a} {p}*", "{f}~", "{f}~ {a}", "leerling:{n}", "leerling:{n} {a}", 'leerling:"{n}"', "leerling:{n}~", "titel:{a}",
    "titel:{p}*", "categorie:{k}", "categorie:{a}", "categorie:{k} {a}", "categorie:adm*", "bron:scanner",
    "bron:mail {a}",
    "datum:2025", "datum:2025-03..2026-02 {a}", "datum:..2024", "schooljaar:2024-2025", "({a} OF {b}) {c}",
    "NIET ({a} OF {b})", "{a} OF -{b}", "{n} {a}", "12 maart 2026", "{n}", "-({a} {b}) {c}", "e-ma*", "{a}-{b}",
)  # fmt: skip


def make_question(rng: random.Random) -> str:
    """Something a person could type."""
    word = lambda: rng.choice(WORDS)  # noqa: E731
    typo = list(rng.choice([x for x in WORDS if len(x) > 4]))
    at = rng.randrange(len(typo) - 1)
    rng.choice((lambda: typo.pop(at), lambda: typo.insert(at, "x"), lambda: typo.reverse() if at == 0 else None))()
    return rng.choice(_SHAPES).format(
        a=word(), b=word(), c=word(), p=word()[: rng.randint(2, 5)], f="".join(typo),
        n=rng.choice((*FIRST, *LAST, "100220", "berg")), k=rng.choice((*CATEGORIES, "zrg", "OND")),
    )  # fmt: skip
