"""The fields of an entry that hold words: what each weighs, and which of them are content.

Content counts only where a person may read; the rest also where a person may only see that something exists.
"""

from dataclasses import dataclass

from indexing.nodes import FieldName


@dataclass(frozen=True, slots=True)
class WordField:
    """A field with words. `weight` multiplies its score; `ranked` fields count length and frequency."""

    name: str
    weight: float
    content: bool = False
    ranked: bool = True


TEXT = WordField("text", 1.0, content=True)
TITLE = WordField("title", 3.0)
META = WordField("meta", 1.5)
CATEGORY = WordField("category", 1.5)
PUPIL = WordField("pupil", 4.0)
TEXT_PARTS = WordField("text_parts", 0.4, content=True, ranked=False)
TITLE_PARTS = WordField("title_parts", 1.2, ranked=False)
TEXT_WORDS = WordField("text_words", 1.0, content=True, ranked=False)
TITLE_WORDS = WordField("title_words", 3.0, ranked=False)
META_WORDS = WordField("meta_words", 1.5, ranked=False)
CATEGORY_WORDS = WordField("category_words", 1.5, ranked=False)

WITH_POSITIONS = (TEXT, TITLE, META, CATEGORY, PUPIL)
WITHOUT_POSITIONS = (TEXT_PARTS, TITLE_PARTS, TEXT_WORDS, TITLE_WORDS, META_WORDS, CATEGORY_WORDS)

_STEMMED: dict[FieldName | None, tuple[WordField, ...]] = {
    None: (TEXT, TITLE, META, CATEGORY),
    FieldName.TITLE: (TITLE,),
    FieldName.CATEGORY: (CATEGORY,),
}
_PARTS: dict[FieldName | None, tuple[WordField, ...]] = {
    None: (TEXT_PARTS, TITLE_PARTS),
    FieldName.TITLE: (TITLE_PARTS,),
}
_SURFACE: dict[FieldName | None, tuple[WordField, ...]] = {
    None: (TEXT_WORDS, TITLE_WORDS, META_WORDS, CATEGORY_WORDS, PUPIL),
    FieldName.PUPIL: (PUPIL,),
    FieldName.TITLE: (TITLE_WORDS,),
    FieldName.CATEGORY: (CATEGORY_WORDS,),
}


def stemmed(name: FieldName | None) -> tuple[WordField, ...]:
    """Where stems stand with their positions; None is the whole entry."""
    return _STEMMED.get(name, ())


def compounds(name: FieldName | None) -> tuple[WordField, ...]:
    """Where parts of compounds stand."""
    return _PARTS.get(name, ())


def surfaces(name: FieldName | None) -> tuple[WordField, ...]:
    """Where folded words stand as written: for prefixes and look-alikes."""
    return _SURFACE.get(name, ())


def names(name: FieldName | None) -> tuple[WordField, ...]:
    """Where folded words stand as written, stop words too, with their positions: names and numbers."""
    return (PUPIL,) if name in (None, FieldName.PUPIL) else ()
