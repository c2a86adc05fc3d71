"""The OpenAPI 3.1 document, made from the route table: what is not described cannot be served."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from http import HTTPStatus
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from flask import Flask
from werkzeug.routing import Rule

from dms.api.describe import BYTES, Description, Parameter, description_of
from dms.api.guard import access_of
from dms.api.problems import MEDIA_TYPE, TITLES, Problem

VERSION = "1.0"
ALWAYS = (500, 503)
WITH_TOKEN = (401, 403)
_PLAIN: dict[type, dict[str, str]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bytes: {"type": "string", "format": "binary"},
}
_FORMATS = {"document_date": "date", "created_at": "date-time"}


def document_of(app: Flask, prefix: str) -> dict[str, Any]:
    """The description of all routes of `app`, which stands under `prefix`."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    _schema(Problem, schemas)
    for rule in sorted(app.url_map.iter_rules(), key=lambda x: x.rule):
        view: Callable[..., object] = app.view_functions[rule.endpoint]
        described = description_of(view)
        if described is None:
            raise LookupError(f"the route {rule.rule} says nothing of itself")
        access = access_of(app, rule.endpoint)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            scope = access.scope.value if access is not None and access.scope is not None else None
            paths.setdefault(_path(rule), {})[method.lower()] = _operation(rule, described, scope, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dossierkluis",
            "version": VERSION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": prefix}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(rule: Rule, described: Description, scope: str | None, schemas: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.replace(".", "_"),
        "summary": described.summary,
        "security": [{"token": [scope]}] if scope else [],
        "parameters": [
            *(_in_path(name) for name in sorted(rule.arguments)),
            *(_parameter(x) for x in described.parameters),
        ],
        "responses": {str(described.answer.status): _success(described, schemas)},
    }
    failures = {*described.fails, *ALWAYS, *(WITH_TOKEN if scope else ())}
    for status in sorted(failures):
        operation["responses"][str(status)] = {
            "description": TITLES[HTTPStatus(status)],
            "content": {MEDIA_TYPE: {"schema": _schema(Problem, schemas)}},
        }
    if described.form is not None:
        body = {"multipart/form-data": {"schema": _schema(described.form, schemas)}}
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _success(described: Description, schemas: dict[str, Any]) -> dict[str, Any]:
    body = described.answer.body
    if body is BYTES:
        return {
            "description": described.summary,
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    if body is None:
        return {"description": described.summary, "content": {"application/json": {"schema": {"type": "object"}}}}
    return {
        "description": (body.__doc__ or "").strip(),
        "content": {"application/json": {"schema": _schema(body, schemas)}},
    }


def _path(rule: Rule) -> str:
    return "".join(f"{{{data}}}" if dynamic else data for dynamic, data in rule._trace if data != "|")


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _parameter(one: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "minimum": 1} if one.whole else {"type": "string"}
    if one.choices:
        schema["enum"] = list(one.choices)
    return {"name": one.name, "in": one.place, "required": one.required, "schema": schema}


def _schema(kind: Any, schemas: dict[str, Any], name: str = "") -> dict[str, Any]:  # noqa: ANN401 - a type
    """The JSON schema of a type; dataclasses are named and kept in `schemas`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return {"anyOf": [_schema(x, schemas, name) for x in inner]}
    if kind is NoneType:
        return {"type": "null"}
    if origin is list:
        return {"type": "array", "items": _schema(inner[0], schemas)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(inner[1], schemas)}
    if isinstance(kind, type) and is_dataclass(kind):
        return _named(kind, schemas)
    plain: Mapping[str, str] = _PLAIN[kind]
    if kind is str and (form := _FORMATS.get(name) or ("uuid" if name.endswith("_id") else "")):
        return {**plain, "format": form}
    return dict(plain)


def _named(kind: type[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = str(kind.__name__)
    if name not in schemas:
        schemas[name] = {}  # a type that holds itself ends here
        hints = get_type_hints(kind)
        schemas[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip(),
            "properties": {x.name: _schema(hints[x.name], schemas, x.name) for x in fields(kind)},
            "required": [x.name for x in fields(kind) if x.default is MISSING],
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}
