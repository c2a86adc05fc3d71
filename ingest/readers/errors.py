"""Why a file could not be read: each cause its own code and its own Dutch reason."""

from collections.abc import Mapping

from dms.kernel.errors import DmsError, OutsideDown
from dms.kernel.text import N_

_SPLIT = N_("Splits het bestand of scan het opnieuw in kleinere delen.")
_AGAIN = N_("Open het bestand zelf, sla het opnieuw op als PDF en bied dat aan.")

REASONS: Mapping[str, tuple[str, str]] = {
    "read_timeout": (N_("Het lezen van dit bestand duurde langer dan %(seconds)s seconden."), _SPLIT),
    "read_cpu": (N_("Dit bestand vraagt te veel rekentijd. Het is misschien beschadigd."), _AGAIN),
    "read_heavy": (
        N_("Dit bestand is te zwaar om te lezen. Het lezen stopte bij bladzijde %(page)s van %(pages)s."),
        _SPLIT,
    ),
    "read_memory": (N_("Dit bestand vraagt te veel geheugen om te lezen."), _SPLIT),
    "read_output": (N_("Dit bestand wordt bij het lezen te groot."), _SPLIT),
    "read_crash": (N_("Het bestand is zo beschadigd dat het leesprogramma stopte."), _AGAIN),
    "read_broken": (N_("Het bestand is beschadigd of onvolledig en kan niet worden gelezen."), _AGAIN),
    "read_encrypted": (
        N_("Het bestand is beveiligd met een wachtwoord."),
        N_("Haal het wachtwoord eraf en bied het bestand opnieuw aan."),
    ),
    "read_no_pages": (N_("Het bestand heeft geen bladzijden."), _AGAIN),
    "read_pages": (N_("Het bestand heeft %(found)s bladzijden; meer dan %(limit)s kan niet."), _SPLIT),
    "read_pixels": (
        N_("De afbeelding is te groot: %(width)s bij %(height)s beeldpunten."),
        N_("Scan of bewaar de afbeelding met een lagere resolutie, bijvoorbeeld 300 dpi."),
    ),
    "read_bytes": (N_("Het bestand is te groot om te lezen."), _SPLIT),
    "read_kind": (
        N_("Dit soort bestand kan niet worden gelezen."),
        N_("Bied een PDF, een scan, een Word-, Excel- of PowerPoint-bestand of een mail aan."),
    ),
    "read_convert": (
        N_("LibreOffice kan dit bestand niet openen. Het is misschien beschadigd."),
        _AGAIN,
    ),
    "read_no_words": (N_("Er staat geen tekst in dit bestand."), N_("Controleer of het het goede bestand is.")),
    "read_stopped": (
        N_("Het lezen van dit bestand is afgebroken."),
        N_("Het bestand wordt later vanzelf opnieuw gelezen."),
    ),
}


class ReadFailed(DmsError):
    """A file could not be read; `code` is a key of `REASONS`. The worker that asked goes on."""

    code = "read_broken"

    def __init__(self, code: str = "read_broken", params: Mapping[str, object] | None = None) -> None:
        message, advice = REASONS[code]
        super().__init__(message, advice, code=code, params=params)
        self.retryable = code == "read_stopped"


class OcrUnavailable(OutsideDown):
    """The OCR engine or its Dutch language file is missing; the item waits until it is there."""

    code = "ocr_unavailable"

    def __init__(self) -> None:
        super().__init__(
            N_("Dit bestand wacht op tekstherkenning."),
            N_("Vraag de beheerder dit te installeren: apt install tesseract-ocr tesseract-ocr-nld tesseract-ocr-osd"),
        )


class ConverterUnavailable(OutsideDown):
    """LibreOffice is missing; the item waits until it is there."""

    code = "converter_unavailable"

    def __init__(self) -> None:
        super().__init__(
            N_("Dit bestand wacht op omzetten."),
            N_(
                "Vraag de beheerder dit te installeren: "
                "apt install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
            ),
        )


class PageTimeout(Exception):
    """The OCR engine took longer over one page than it may. Stays inside the child: the page is shown without words."""


class PageBroke(Exception):
    """The OCR engine stopped on one page. Stays inside the child."""
