"""Sends a mail over SMTP: smtps with TLS at once, smtp with STARTTLS; in the open only to this machine itself."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from ingest.sources.imap import LOOPBACK
from ingest.sources.mail_faults import MailDown, MailWrong, certificate_wrong, plain_elsewhere, sign_in_refused

SECONDS = 30.0


class NotDelivered(MailWrong):
    """The server will never take this mail for this recipient."""


def send(url: str, message: EmailMessage) -> None:
    """Hand a mail to the server of `url`. Raises MailDown (try later), NotDelivered, MailWrong."""
    parts = urlsplit(url)
    host, tls = parts.hostname or "", parts.scheme == "smtps"
    port = parts.port or (465 if tls else 587)
    context = ssl.create_default_context()
    try:
        server = (
            smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
            if tls
            else smtplib.SMTP(host, port, timeout=SECONDS)
        )
        with server:
            if not tls:
                server.ehlo_or_helo_if_needed()
                if server.has_extn("starttls"):
                    server.starttls(context=context)
                elif host not in LOOPBACK:
                    raise plain_elsewhere()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)
    except ssl.SSLCertVerificationError as fault:
        raise certificate_wrong() from fault
    except smtplib.SMTPAuthenticationError as fault:
        raise sign_in_refused() from fault
    except smtplib.SMTPRecipientsRefused as fault:
        codes = [code for code, _ in fault.recipients.values()]
        if any(400 <= x < 500 for x in codes):
            raise MailDown from fault
        raise NotDelivered("recipient", code="not_delivered") from fault
    except smtplib.SMTPResponseException as fault:
        if 400 <= fault.smtp_code < 500:
            raise MailDown from fault
        raise NotDelivered("refused", code="not_delivered") from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise MailDown from fault
