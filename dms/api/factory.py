"""Builds the API from the house that it is given: a Flask application of its own, without sessions or cookies."""

from functools import cache
from typing import Any

from flask import Blueprint, Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from dms.api import guard, problems
from dms.api.answers import answer
from dms.api.describe import Answer, describes
from dms.api.guard import public
from dms.api.house import EXTENSION, House
from dms.api.openapi import document_of
from dms.api.v1 import documents, exports, finding, intake
from dms.kernel.text import N_

PREFIX = "/api/v1"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def create_app(house: House) -> Flask:
    """The API over `house`; it stands under PREFIX."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.extensions[EXTENSION] = house
    guard.prepare(app)
    problems.prepare(app)
    app.after_request(_headers)
    for routes in (intake.routes, exports.routes, finding.routes, documents.routes, _about(app)):
        app.register_blueprint(routes)
    if hops := house.settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _about(app: Flask) -> Blueprint:
    """The API's description of itself."""
    routes = Blueprint("about", __name__)

    @cache
    def described() -> dict[str, Any]:
        return document_of(app, PREFIX)

    @routes.get("/openapi.json")
    @public
    @describes(N_("Deze beschrijving."), Answer(200, None))
    def openapi() -> Response:
        """The OpenAPI document."""
        return answer(described())

    return routes


def _headers(response: Response) -> Response:
    for name, text in HEADERS.items():
        response.headers[name] = text
    return response
