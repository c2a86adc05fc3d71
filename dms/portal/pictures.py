"""QR codes as SVG within the page: no address of the secret, no script, no style."""

import segno
from markupsafe import Markup


def picture(text: str) -> Markup:
    """The QR code of `text`, black on white whatever the colours of the page."""
    drawn = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704 - drawn here: paths and numbers only
        drawn.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    )
