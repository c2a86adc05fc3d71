"""Words and phrases of Dutch school paperwork per category, as data.

`titles` name a kind of document: they weigh in a heading or a subject line and little in running text. `body`
words only support. Keys are weights (titles 2-7: how surely the phrase names this kind and no other; body 0.3-3).
Phrases are folded (no accents, lower case); a space also stands for a line end or a hyphen; longer phrases take the
place of shorter ones inside them, whatever category those speak for.
"""

from ingest.rules.phrases.administration import ADMINISTRATION
from ingest.rules.phrases.care import CARE
from ingest.rules.phrases.safety import SAFETY
from ingest.rules.phrases.teaching import TEACHING
from ingest.rules.phrases.vocabulary import Vocabulary

__all__ = ["VOCABULARY", "Vocabulary"]

VOCABULARY: dict[str, Vocabulary] = {**ADMINISTRATION, **TEACHING, **CARE, **SAFETY}
