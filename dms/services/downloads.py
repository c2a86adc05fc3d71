"""How a file that is saved gets its name: a header in plain ASCII, whatever letters the name has. Pure."""

import unicodedata
from urllib.parse import quote

SAFE = frozenset(" !#$&'()+,-.=@[]^_`{}~")


def attachment(file_name: str) -> str:
    """The value of Content-Disposition that saves a file as `file_name`.

    Headers carry no letters beyond Latin-1, so that the name goes percent-encoded (RFC 6266), with a plain one beside
    it for programs that do not know that form.
    """
    letters = unicodedata.normalize("NFKD", file_name)
    stripped = (x for x in letters if not unicodedata.combining(x))
    plain = "".join(x if x.isascii() and (x.isalnum() or x in SAFE) else "_" for x in stripped)
    if plain == file_name:
        return f'attachment; filename="{plain}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='', errors='replace')}"
