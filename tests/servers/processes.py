"""What the system knows of other processes."""

import os
import pwd
from pathlib import Path
from typing import Any


def lives(process: int) -> bool:
    """Whether a process runs. One that has ended but was never asked after (a zombie) does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rsplit(")", 1)[1].split()[0] not in {"Z", "X"}


def identity(user: int) -> dict[str, Any]:
    """What `subprocess` takes to start a program as the user with this number; nothing where that is us already."""
    if user == os.geteuid():
        return {}
    return {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}
