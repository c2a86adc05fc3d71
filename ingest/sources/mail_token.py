"""Access tokens for XOAUTH2: from a command on the machine, or from the provider for a refresh token (RFC 6749, 6)."""

import shlex
import subprocess
from dataclasses import dataclass, field

import requests

from ingest.sources.mail_faults import MailDown, no_token

SECONDS = 20.0
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token; `refresh` is the refresh token to use from now on, where the provider gave a new one."""

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)


def by_command(command: str, login: str) -> str:
    """The token that a command prints; it gets the login as its last word. Raises MailWrong."""
    if not command:
        raise no_token("DMS_MAIL_TOKEN")
    try:
        done = subprocess.run(  # noqa: S603 - the command is the server administrator's own
            [*shlex.split(command), login], capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired, ValueError) as fault:
        raise no_token(type(fault).__name__) from fault
    token = done.stdout.decode("ascii", "replace").strip()
    if done.returncode or not token or len(token) > LONGEST or "\n" in token:
        raise no_token(f"exit {done.returncode}")
    return token


def by_refresh(url: str, client_id: str, client_secret: str, refresh: str) -> Grant:
    """A new access token. Raises MailDown when the provider does not answer, MailWrong when it refuses."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": client_id}
    if client_secret:
        form["client_secret"] = client_secret
    try:
        answer = requests.post(url, data=form, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as fault:
        raise MailDown from fault
    if answer.status_code >= 500:
        raise MailDown
    try:
        told = answer.json() if len(answer.content) <= LONGEST else {}
    except ValueError:
        told = {}
    access = told.get("access_token") if isinstance(told, dict) else None
    if answer.status_code != 200 or not isinstance(access, str) or not access.isprintable():
        raise no_token(f"HTTP {answer.status_code}")
    newer = told.get("refresh_token")
    return Grant(access, newer if isinstance(newer, str) and newer != refresh else "")
