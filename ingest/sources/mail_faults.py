"""What can be wrong with a mail server, in words for who set it up."""

from dms.kernel.errors import OutsideDown, SetupWrong
from dms.kernel.text import N_


class MailDown(OutsideDown):
    """The mail server does not answer now, or the connection was cut."""

    def __init__(self) -> None:
        super().__init__(
            N_("De mailserver antwoordt niet."),
            N_("Dit wordt vanzelf opnieuw geprobeerd. Blijft het zo, controleer dan server en poort."),
            code="mail_down",
        )


class MailWrong(SetupWrong):
    """The mailbox cannot be used as it is set up."""


def certificate_wrong() -> MailWrong:
    """The server's certificate is not good for its name."""
    return MailWrong(
        N_("Het certificaat van de mailserver klopt niet."),
        N_("Controleer de naam van de server. Er is niets verstuurd, ook het wachtwoord niet."),
        code="mail_certificate",
    )


def plain_elsewhere() -> MailWrong:
    """Without TLS a password would travel in the open."""
    return MailWrong(
        N_("Zonder versleuteling mag alleen een mailserver op deze machine zelf."),
        N_("Kies TLS of STARTTLS."),
        code="mail_plain",
    )


def sign_in_refused() -> MailWrong:
    """The server does not take name and password (or token)."""
    return MailWrong(
        N_("De mailserver neemt naam en wachtwoord (of token) niet aan."),
        N_("Controleer de gebruikersnaam en zet het wachtwoord of token opnieuw."),
        code="mail_sign_in",
    )


def no_folder(name: str) -> MailWrong:
    """A folder is not there and cannot be made."""
    return MailWrong(
        N_("De map %(folder)s in de postbus is er niet, of mag niet gebruikt worden."),
        N_("Maak de map in het mailprogramma, of kies een andere."),
        code="mail_folder",
        params={"folder": name},
    )


def no_token(why: str) -> MailWrong:
    """There is no access token to be had."""
    return MailWrong(
        N_("Er is geen toegangstoken voor de postbus te krijgen (%(why)s)."),
        N_("Geef de dienst opnieuw toestemming bij uw mailaanbieder, en zet het nieuwe token hier."),
        code="mail_token",
        params={"why": why},
    )
