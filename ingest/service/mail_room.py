"""All that has to do with mail, in one place: taking it, getting in, answering what is refused, and showing that."""

from dms.services.tools import Tools
from ingest.service.mail import MailIntake
from ingest.service.mail_account import MailAccounts
from ingest.service.mail_answers import MailAnswers
from ingest.service.mail_refused import MailRefusals
from ingest.service.receive import Receive


class MailRoom:
    """The rooms of mail. `token` is the command for access tokens, `smtp_url` the server that sends answers."""

    def __init__(self, tools: Tools, receive: Receive, most_bytes: int, token: str, smtp_url: str) -> None:
        self.accounts = MailAccounts(tools, token)
        self.intake = MailIntake(tools, receive, self.accounts, most_bytes)
        self.answers = MailAnswers(tools, smtp_url)
        self.refusals = MailRefusals(tools)
