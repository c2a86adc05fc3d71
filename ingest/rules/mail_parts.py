"""What hangs on a mail and is no document: logos, pictures of a signature, invitations for a calendar, seals.

Thresholds from what mail programs write: pictures of a signature are shown within the text and are small (Outlook
scales them to 96 dpi; logos stay below 50 kB and 700 × 300 pixels), a photo or a scan that somebody pasted is not.
"""

import re

from dms.kernel.outcome import Reason
from dms.kernel.text import N_

LOGO_BYTES = 50_000
LOGO_WIDTH, LOGO_HEIGHT = 700, 300
TINY_BYTES, TINY_SIDE = 6_000, 40
_PICTURE_OF_A_SIGNATURE = re.compile(
    r"^(image\d{3}|outlook-[\w.-]*|logo|spacer|footer|banner)\.(png|jpe?g|gif|bmp)$", re.I
)
_SEALS = frozenset(
    {
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-keys",
    }
)  # fmt: skip
_NOTICES = frozenset(
    {
        "text/calendar", "application/ics", "text/vcard", "text/x-vcard", "text/directory",
        "message/delivery-status", "message/disposition-notification", "text/rfc822-headers", "application/ms-tnef",
    }
)  # fmt: skip

LOGO = Reason("mail_logo", N_("Dit is een logo of een plaatje uit de handtekening van de mail."))
SEAL = Reason("mail_seal", N_("Dit is de digitale handtekening van de mail, geen document."))
NOTICE = Reason("mail_notice", N_("Dit is een afspraak, een visitekaartje of een bericht van een mailprogramma."))


def judge_attachment(
    name: str, media_type: str, size: int, width: int | None, height: int | None, *, shown: bool
) -> Reason | None:
    """Why a part of a mail is no document, or None. `shown`: it is a picture within the text. Bytes and pixels."""
    kind = media_type.split(";")[0].strip().lower()
    if kind in _SEALS:
        return SEAL
    if kind in _NOTICES:
        return NOTICE
    if not kind.startswith("image/"):
        return None
    small = size <= LOGO_BYTES and (width is None or height is None or (width <= LOGO_WIDTH and height <= LOGO_HEIGHT))
    if shown and (small or kind in ("image/gif", "image/svg+xml")):
        return LOGO
    tiny = size <= TINY_BYTES or (width is not None and height is not None and max(width, height) <= TINY_SIDE)
    if tiny and _PICTURE_OF_A_SIGNATURE.match(name.strip()):
        return LOGO
    return None
