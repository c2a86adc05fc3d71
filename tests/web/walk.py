"""All pages that a person can come to: from the start page along every link, one address for each route at least.

Pages are found, not listed: a new route is walked as soon as something links to it, and a test says which are not.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

OF_ONE_ROUTE = 2
"""So many addresses of one route are looked at, with different fields after the question mark."""
ASIDE = frozenset({"assets.file", "sign_in.sign_out"})


@dataclass(frozen=True, slots=True)
class Page:
    """One page as one person gets it."""

    who: str
    endpoint: str
    address: str
    status: int
    html: str
    policy: str = ""


def pages_of(app: Flask, client: FlaskClient, who: str, start: tuple[str, ...] = ("/",)) -> Iterator[Page]:
    """Every route that `who` can reach along links, each at most OF_ONE_ROUTE times. Pieces and files are left out."""
    routes = app.url_map.bind("localhost")
    seen: set[str] = set()
    times: dict[str, int] = defaultdict(int)
    ahead = deque(start)
    while ahead:
        address = ahead.popleft()
        if address in seen:
            continue
        seen.add(address)
        try:
            endpoint, _ = routes.match(urlsplit(address).path, method="GET")
        except HTTPException:
            endpoint = ""
        if endpoint in ASIDE or times[endpoint] >= OF_ONE_ROUTE:
            continue
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code in {301, 302, 303}:
            answer.close()
            continue
        html = answer.get_data(as_text=True)
        if "<main" not in html:
            continue
        times[endpoint] += 1
        policy = answer.headers.get("Content-Security-Policy", "")
        yield Page(who, endpoint, address, answer.status_code, html, policy)
        ahead.extend(links(html))


def links(html: str) -> list[str]:
    """The addresses on this site to which a page links, without places within a page."""
    found = (unescape(x).partition("#")[0] for x in re.findall(r'<a\b[^>]*?\bhref="(/[^"]*)"', html))
    return [x for x in dict.fromkeys(found) if x]
