"""What every answer to an outsider carries, the terms of the portal's cookie, and the defence against forged forms.

Two defences stand behind one another. A form that another site lets a browser send is refused by what the browser
says about where it comes from; and a form of somebody with a session needs a token that only our page knew. The page
of a scoped link has no session yet and no token: it must be the same, byte for byte, for every address, and another
site does not know the address.
"""

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from dms.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
TWO_YEARS = 2 * 365 * 24 * 3600
LONGEST_FORM = 1_000_000
"""Bytes of a form that are kept in memory; files are read as they arrive."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})
"""What browsers say (Sec-Fetch-Site) of a form of our own page, and of one that the person sent again."""

csrf = CSRFProtect()


def cookie_name(settings: Settings, name: str) -> str:
    """The name of a cookie of ours: of this site alone, on plain http at a loopback address without that promise."""
    return f"__Host-dms-{name}" if settings.secure_cookies else f"dms-{name}"


def prepare(app: Flask, settings: Settings, secret: str) -> None:
    """Set the portal cookie's terms, the defence against forged forms and the headers of `app`."""
    # A secret of its own: a cookie that the staff's application signed means nothing here.
    app.secret_key = hashlib.sha256(b"portal:" + secret.encode()).hexdigest()
    app.config.update(
        SESSION_COOKIE_NAME=cookie_name(settings, "portal"),
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=4),
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session
        WTF_CSRF_SSL_STRICT=False,  # our pages send no Referer at all; `_from_elsewhere` looks instead
        MAX_FORM_MEMORY_SIZE=LONGEST_FORM,
    )
    app.before_request(_from_elsewhere)
    csrf.init_app(app)
    app.after_request(_headers)
    if urlsplit(settings.public_url).scheme == "https":
        app.after_request(_only_https)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _from_elsewhere() -> None:
    """Refuse a form that another site lets the browser send. Pages without Referer send `Origin: null` of their own."""
    if request.method in SAFE_METHODS:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    elsewhere = origin != "null" and urlsplit(origin).netloc != request.host
    if elsewhere or (site is not None and site not in OURS):
        raise CSRFError("from another site")


def _headers(response: Response) -> Response:
    for name, value in FIXED.items():
        response.headers[name] = value
    if request.endpoint != "assets.file":
        response.headers["Cache-Control"] = "no-store"
    return response


def _only_https(response: Response) -> Response:
    response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return response
