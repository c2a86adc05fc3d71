"""Holds a value against the JSON schemas that the API publishes. What the schema uses and this does not know, fails."""

import uuid
from datetime import date, datetime
from typing import Any

TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
FORMATS = {"uuid": uuid.UUID, "date": date.fromisoformat, "date-time": datetime.fromisoformat}
KNOWN = {"type", "format", "anyOf", "$ref", "items", "properties", "required", "additionalProperties", "description"}


def faults(value: Any, schema: dict[str, Any], document: dict[str, Any], at: str = "$") -> list[str]:
    """Where `value` does not fit `schema`; empty where it does."""
    assert set(schema) <= KNOWN, schema
    if "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return faults(value, target, document, at)
    if "anyOf" in schema:
        tried = [faults(value, x, document, at) for x in schema["anyOf"]]
        return [] if [] in tried else [f"{at}: none of the choices fits"]
    kind = schema["type"]
    if kind in {"integer", "number"}:
        numbers = int if kind == "integer" else (int, float)
        good = isinstance(value, numbers) and not isinstance(value, bool)
    else:
        good = isinstance(value, TYPES[kind])
    if not good:
        return [f"{at}: no {kind}"]
    if kind == "array":
        return [x for n, one in enumerate(value) for x in faults(one, schema["items"], document, f"{at}[{n}]")]
    if kind == "object":
        return _object(value, schema, document, at)
    if "format" in schema:
        try:
            FORMATS[schema["format"]](value)
        except ValueError:
            return [f"{at}: no {schema['format']}"]
    return []


def _object(value: dict[str, Any], schema: dict[str, Any], document: dict[str, Any], at: str) -> list[str]:
    known = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    found = [f"{at}: {x} is missing" for x in schema.get("required", ()) if x not in value]
    for name, one in value.items():
        if name in known:
            found += faults(one, known[name], document, f"{at}.{name}")
        elif isinstance(rest, dict):
            found += faults(one, rest, document, f"{at}.{name}")
        elif not rest:
            found.append(f"{at}: {name} is not known")
    return found
