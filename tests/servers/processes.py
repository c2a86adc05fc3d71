"""What the system knows of other processes."""

import pwd
from pathlib import Path


def lives(process: int) -> bool:
    """Whether a process runs. One that has ended but was never asked after (a zombie) does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state.rsplit(")", 1)[1].split()[0] not in {"Z", "X"}


def group_of(user: int) -> int:
    """The first group of the user with this number."""
    return pwd.getpwuid(user).pw_gid
