"""The typefaces of the demo papers: what the machine has, else the one that comes with reportlab.

The wanted faces know all Dutch, Turkish and Polish letters. Where they are missing, letters that the fallback
does not have lose their accent, so that a paper is always readable.
"""

import functools
import unicodedata
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDERS = (
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/truetype/liberation2"),
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/TTF"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/liberation-fonts"),
)
FALLBACK = Path(reportlab.__file__).parent / "fonts"

# family: regular and bold file, in order of preference
FAMILIES: dict[str, tuple[tuple[str, str], ...]] = {
    "sans": (("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"), ("Vera.ttf", "VeraBd.ttf")),
    "serif": (("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf"), ("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf")),
    "mono": (
        ("LiberationMono-Regular.ttf", "LiberationMono-Bold.ttf"),
        ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"),
    ),
    "narrow": (("LiberationSansNarrow-Regular.ttf", "LiberationSansNarrow-Bold.ttf"),),
    "wide": (("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),),
    "book": (("DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf"), ("LiberationSerif-Regular.ttf", "LiberationSerif-Bold.ttf")),
}


def find(file_name: str) -> Path | None:
    """The font file of that name, None where the machine does not have it."""
    return next((folder / file_name for folder in (*FOLDERS, FALLBACK) if (folder / file_name).is_file()), None)


@functools.cache
def family(name: str) -> tuple[str, str]:
    """Register the family and return the reportlab names of its regular and bold face."""
    for regular, bold in (*FAMILIES[name], ("Vera.ttf", "VeraBd.ttf")):
        paths = find(regular), find(bold)
        if paths[0] and paths[1]:
            faces = f"demo-{name}", f"demo-{name}-bold"
            for face, path in zip(faces, paths, strict=True):
                pdfmetrics.registerFont(TTFont(face, str(path)))
            pdfmetrics.registerFontFamily(
                faces[0], normal=faces[0], bold=faces[1], italic=faces[0], boldItalic=faces[1]
            )
            return faces
    raise FileNotFoundError(name)


def fit(text: str, face: str) -> str:
    """`text` with letters that `face` lacks replaced by their plain form."""
    known = pdfmetrics.getFont(face).face.charToGlyph
    return "".join(letter if ord(letter) in known else _plain(letter) for letter in text)


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else "-"
