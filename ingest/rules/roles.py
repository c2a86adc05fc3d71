"""As whom is somebody named here: reads roles from the labels, headings and words around a place in a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.rules.phrases import people
from ingest.rules.text import PageView


class Role(StrEnum):
    """As whom somebody is named."""

    PUPIL = "pupil"
    UNKNOWN = "unknown"
    OTHER = "other"  # carer, teacher, doctor, sender, sibling: never decides


class NameField(StrEnum):
    """A field of a form that holds a part of a name."""

    SURNAME = "surname"
    GIVEN = "given"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word of role in a line: from, to, and the role of what follows; `label` where a colon or a gap follows.

    `role` is None for a field such as "Naam:", which takes the role of its section.
    """

    start: int
    end: int
    role: Role | None
    field: NameField | None
    label: bool


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


_KINDS: tuple[tuple[re.Pattern[str], Role | None, NameField | None], ...] = (
    (_any(people.OF_PUPIL), Role.PUPIL, None),
    (_any(people.OF_CARER), Role.OTHER, None),
    (_any(people.PUPIL), Role.PUPIL, None),
    (_any(people.OTHER), Role.OTHER, None),
    (_any(people.SURNAME_FIELD), None, NameField.SURNAME),
    (_any(people.GIVEN_FIELD), None, NameField.GIVEN),
    (_any(people.NAME_FIELD), None, NameField.WHOLE),
)
_PUPIL_SECTION = _any(people.PUPIL_SECTION)
_OTHER_SECTION = _any(people.OTHER_SECTION)
_WORD = re.compile(r"[A-Za-z][\w'-]*")
_LABEL_AFTER = re.compile(r"(?:\([^)\n]{0,20}\)|/\w+|\s?[1-4])?(?:\s?:|\s{2,}|\s?\||\s?\.{3,}|\s?_{3,}|\s*$)")
_APPOSITION = re.compile(r"[,(/-] ?(?:de |onze |uw |haar |zijn )?$")
_RUN_WORDS = 7
_SECTION_LINES = 14


class PageRoles:
    """The roles on one page; asked by line and place in the fold."""

    def __init__(self, page: PageView) -> None:
        self._page = page
        self._marks = [self._line_marks(index) for index in range(len(page.lines))]
        self._sections = self._find_sections()
        self._appositions = [self._line_appositions(index) for index in range(len(page.lines))]

    def at(self, index: int, position: int) -> tuple[Role, NameField | None]:
        """The role, and the field of a form, for what stands at `position` (in the fold) of line `index`."""
        before = [mark for mark in self._marks[index] if mark.end <= position]
        if not before:
            role, field = self._inherited(index)
        else:
            role, field = self._after_marks(index, before, position)
        if role is not Role.PUPIL and any(start <= position < end for start, end in self._appositions[index]):
            return Role.OTHER, field
        return role, field

    def section(self, index: int) -> Role:
        """The role of the section in which line `index` stands."""
        return self._sections[index] if 0 <= index < len(self._sections) else Role.UNKNOWN

    def line_role(self, index: int, position: int) -> Role:
        """The role for a number or a date at `position`: of the words before it in its line, else of its section."""
        roles = [mark.role for mark in self._marks[index] if mark.end <= position and mark.role is not None]
        if Role.OTHER in roles:
            return roles[-1] or Role.UNKNOWN
        return roles[-1] if roles and roles[-1] is not None else self.section(index)

    def marks(self, index: int) -> Sequence[Mark]:
        """The words of role in line `index`."""
        return self._marks[index]

    def _after_marks(self, index: int, before: list[Mark], position: int) -> tuple[Role, NameField | None]:
        last = before[-1]
        field = last.field if last.label else None
        if last.role is None:
            owner = next((mark for mark in reversed(before[:-1]) if mark.role is not None), None)
            # "Naam ouder:" names the owner behind, "Ouder: naam" before: both are marks of this line.
            role = owner.role if owner is not None and owner.role is not None else self.section(index)
            return (role, field) if last.label or owner is None else (Role.UNKNOWN, None)
        if last.label or _bridges(self._page.plain[last.end : position]):
            previous = before[-2] if len(before) > 1 else None
            if previous is not None and previous.role is None and previous.end >= last.start - 8:
                field = previous.field
            return last.role, field
        labels = [mark for mark in before if mark.label and mark.role is not None]
        if labels and labels[-1].role is not None:
            return labels[-1].role, None
        section = self.section(index)
        return (section if section is Role.OTHER else Role.UNKNOWN), None

    def _inherited(self, index: int) -> tuple[Role, NameField | None]:
        """From the labels of the line above where it holds only labels, else from the section."""
        upper = index - 1
        while upper >= 0 and upper > index - 3 and not self._page.line_text(upper).strip():
            upper -= 1
        if upper >= 0 and self._marks[upper]:
            marks = self._marks[upper]
            line = self._page.lines[upper]
            rest = self._page.plain[marks[-1].end : line.end].strip(" :.-_/()s1234")
            if not rest and len(self._page.line_text(upper).split()) <= 10:
                roles = {mark.role for mark in marks if mark.role is not None}
                fields = {mark.field for mark in marks if mark.field is not None}
                field = fields.pop() if len(fields) == 1 else None
                of_pupil = marks[-1].role is Role.PUPIL
                if of_pupil and (len(roles) == 1 or self._page.line_text(upper).rstrip().endswith("van")):
                    return Role.PUPIL, field
                if len(roles) == 1:
                    return roles.pop(), field
                return (self.section(index), field) if not roles else (Role.UNKNOWN, None)
        return self.section(index), None

    def _line_marks(self, index: int) -> list[Mark]:
        line = self._page.lines[index]
        text = self._page.low[line.start : line.end]
        hits: list[tuple[int, int, int, Role | None, NameField | None]] = []
        for order, (pattern, role, field) in enumerate(_KINDS):
            hits.extend((hit.start(), hit.end(), order, role, field) for hit in pattern.finditer(text) if hit.group())
        hits.sort(key=lambda hit: (hit[2] > 1, hit[0] - hit[1], hit[2]))
        kept: list[tuple[int, int, int, Role | None, NameField | None]] = []
        for one in hits:
            if all(one[1] <= other[0] or one[0] >= other[1] for other in kept):
                kept.append(one)
        return [
            # OCR loses the gap behind "Achternaam": at the start of a line it is a field without a colon too.
            Mark(
                line.start + start,
                line.start + end,
                role,
                field,
                bool(_LABEL_AFTER.match(text, end)) or (field is not None and not text[:start].strip()),
            )
            for start, end, _, role, field in sorted(kept)
        ]

    def _line_appositions(self, index: int) -> list[tuple[int, int]]:
        """Names that are followed by what their bearer is: "H. Jansen (moeder)"."""
        line = self._page.lines[index]
        found: list[tuple[int, int]] = []
        for mark in self._marks[index]:
            if mark.role is Role.OTHER and not self._page.low.startswith(":", mark.end):
                start = _name_run(self._page.plain[line.start : mark.start])
                if start is not None:
                    found.append((line.start + start, mark.start))
        return found

    def _find_sections(self) -> list[Role]:
        result: list[Role] = []
        role, left = Role.UNKNOWN, 0
        for index in range(len(self._page.lines)):
            text = self._page.line_text(index).strip()
            if _OTHER_SECTION.search(text):
                role, left = Role.OTHER, _SECTION_LINES
            elif _PUPIL_SECTION.search(text):
                role, left = Role.PUPIL, _SECTION_LINES
            elif left > 0:
                left -= 1
            else:
                role = Role.UNKNOWN
            result.append(role)
        return result


def _bridges(between: str) -> bool:
    """Whether nothing but titles, prefixes and names stands between a word of role and a place."""
    return all(word[0].isupper() or word.lower() in people.BRIDGE for word in _WORD.findall(between))


def _name_run(before: str) -> int | None:
    """Where the name starts that ends at "," or "(" at the end of `before`; None where there is no name."""
    end = _APPOSITION.search(before)
    if end is None:
        return None
    start: int | None = None
    for word in list(_WORD.finditer(before, 0, end.start()))[: -_RUN_WORDS - 1 : -1]:
        if not (word.group()[0].isupper() or word.group().lower() in people.NAME_PARTS):
            break
        start = word.start()
    return start
