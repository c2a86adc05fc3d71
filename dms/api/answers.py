"""Answers that succeed, as JSON."""

import json
from dataclasses import asdict, is_dataclass

from flask import Response


def answer(body: object, status: int = 200) -> Response:
    """A dataclass or plain data as the JSON body of an answer."""
    data = asdict(body) if is_dataclass(body) and not isinstance(body, type) else body
    return Response(json.dumps(data, ensure_ascii=False), status, mimetype="application/json")
