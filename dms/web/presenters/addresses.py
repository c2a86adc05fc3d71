"""Addresses with fields."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for


def with_fields(endpoint: str, fields: Mapping[str, str]) -> str:
    """The address of `endpoint` with `fields` after the question mark; never mistaken for settings of `url_for`."""
    return f"{url_for(endpoint)}?{urlencode(fields)}" if fields else url_for(endpoint)
