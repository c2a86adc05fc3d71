"""Addresses with fields."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from flask import url_for


def with_fields(endpoint: str, fields: Mapping[str, str], place: Mapping[str, UUID] | None = None) -> str:
    """The address of `endpoint`, at `place` where its path names things, with `fields` after the question mark; fields
    are never mistaken for settings of `url_for`.
    """
    path = url_for(endpoint, **(place or {}))  # type: ignore[arg-type]
    return f"{path}?{urlencode(fields)}" if fields else path
