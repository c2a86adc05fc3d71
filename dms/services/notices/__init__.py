"""Letters by mail: posting one, sending what waits, a school's own texts, and what a person wants to get."""

from dms.services.notices.choices import LetterChoices
from dms.services.notices.school_texts import SchoolTexts
from dms.services.notices.sending import LetterSender
from dms.services.tools import Tools

__all__ = ["Letters"]


class Letters:
    """All rooms of letters. `url` is the server that sends, `sender` stands in From, `home` is the house's address."""

    def __init__(self, tools: Tools, url: str, sender: str, home: str) -> None:
        self.sender = LetterSender(tools, url, sender, home)
        self.texts = SchoolTexts(tools, sender, home)
        self.choices = LetterChoices(tools)
