"""Whence a request comes, and the cookie by which a browser is known again. It gives no access."""

from flask import Response, request

from dms.services.sign_in.visit import Visit, device_name
from dms.web.house import house

DAYS = 180
LONGEST = 100


def visit() -> Visit:
    """The visit that this request is."""
    token = request.cookies.get(_name(), "")
    return Visit(
        address=request.remote_addr or "",
        device_token=token if len(token) <= LONGEST else "",
        device=device_name(request.headers.get("User-Agent", "")),
    )


def remember(answer: Response, token: str) -> Response:
    """Let the browser be known the next time."""
    secure = house().settings.secure_cookies
    answer.set_cookie(_name(), token, max_age=DAYS * 24 * 3600, path="/", secure=secure, httponly=True, samesite="Lax")
    return answer


def _name() -> str:
    return "__Host-dms-toestel" if house().settings.secure_cookies else "dms-toestel"
