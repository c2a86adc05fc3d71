"""The texts of letters that the product brings along, in the language of who reads them. A school may write its own.

They stand here and not in the catalogue of translations, because a letter is written in the language of its reader,
whatever the language of whoever caused it. Places are `{school}`, `{date}` and so on; none holds a name of a pupil or
a title of a document.
"""

from dataclasses import dataclass

from dms.model.letters import LetterKind


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body with their places."""

    subject: str
    body: str


K = LetterKind

DUTCH: dict[LetterKind, Text] = {
    K.LINK_CODE: Text(
        "Uw code van {school}",
        "Uw code is {code}\n\nU kunt de code {minutes} minuten gebruiken, één keer.\n\n"
        "Hebt u niet om een code gevraagd? Dan hoeft u niets te doen. Geef de code aan niemand anders.",
    ),
    K.LINK_SENT: Text(
        "{school} deelt stukken met u",
        "{school} deelt stukken met u. U kunt ze tot en met {until} bekijken op deze pagina:\n\n{link}\n\n"
        "Op die pagina vult u een code in. Stuur deze mail niet door: de link is alleen voor u.",
    ),
    K.LINK_VIEWED: Text(
        "Uw deellink is geopend",
        "Een link waarmee u stukken deelt, is op {date} voor het eerst geopend. Hier ziet u welke:\n\n{page}",
    ),
    K.LINK_LOCKED: Text(
        "Uw deellink is op slot",
        "Bij een link waarmee u stukken deelt, is op {date} te vaak een verkeerde code ingevuld. De link is nu op "
        "slot. Kijk hier, en maak zo nodig een nieuwe link:\n\n{page}",
    ),
    K.LINK_EXPIRING: Text(
        "Deellinks lopen bijna af",
        "Aantal links van u dat uiterlijk {until} afloopt: {count}. Hier ziet u welke:\n\n{page}",
    ),
    K.LINK_RETURNED: Text(
        "Er is iets teruggestuurd via uw deellink",
        "Via een link van u zijn bestanden teruggestuurd. Aantal: {count}. Ze wachten in de postbak:\n\n{page}",
    ),
    K.INVITATION: Text(
        "Uitnodiging voor het ouderportaal van {school}",
        "{school} nodigt u uit voor het portaal voor ouders en leerlingen. Ga naar:\n\n{page}\n\n"
        "Uw code is {code}\n\nDe code werkt één keer, tot en met {until}. Geef de code aan niemand anders.",
    ),
    K.PORTAL_OPENED: Text(
        "Nieuw in het portaal van {school}",
        "Vanaf {date} ziet u meer in het portaal. Log in om te kijken:\n\n{page}",
    ),
    K.SIGNING_ASKED: Text(
        "{school} vraagt u om een plan te lezen",
        "Er staat een plan voor u klaar. Lees het en laat weten wat u ervan vindt. Dat kan tot en met {until}:"
        "\n\n{page}",
    ),
    K.SIGNING_REMINDED: Text(
        "Herinnering: er wacht een plan op uw antwoord",
        "Er staat nog een plan voor u klaar. Wilt u het lezen en antwoorden? Dat kan tot en met {until}:\n\n{page}",
    ),
    K.SIGNING_ANSWERED: Text(
        "Er is geantwoord op een plan",
        "Er is geantwoord op een plan dat u voorlegde. Aantal antwoorden tot nu toe: {count}.\n\n{page}",
    ),
    K.CORRECTION_RECEIVED: Text(
        "Er is een wijziging doorgegeven",
        "Aantal doorgegeven wijzigingen dat op een besluit wacht: {count}.\n\n{page}",
    ),
    K.CORRECTION_ANSWERED: Text(
        "Antwoord op de wijziging die u doorgaf",
        "{school} heeft gekeken naar de wijziging die u doorgaf. Log in om het antwoord te lezen:\n\n{page}",
    ),
    K.PACKAGE_READY: Text(
        "{school} vraagt u om gegevens te bekijken",
        "Er staan gegevens klaar voor een andere school. Bekijk ze voordat ze weggaan. Dat kan tot en met {until}:"
        "\n\n{page}",
    ),
    K.PACKAGE_ANSWERED: Text(
        "Er is geantwoord op een overdracht",
        "Er is geantwoord op een overdracht die u voorbereidt. Aantal antwoorden tot nu toe: {count}.\n\n{page}",
    ),
    K.PACKAGE_RECEIVED: Text(
        "Er is een overstapdossier ontvangen",
        "Aantal ontvangen overstapdossiers dat op u wacht: {count}.\n\n{page}",
    ),
    K.REQUEST_RECEIVED: Text(
        "Er is een inzageverzoek",
        "Er is een inzageverzoek. Het antwoord moet er uiterlijk op {until} zijn.\n\n{page}",
    ),
    K.REQUEST_READY: Text(
        "Het antwoord op uw inzageverzoek is klaar",
        "Het antwoord op uw verzoek staat klaar tot en met {until}. Log in om het op te halen:\n\n{page}",
    ),
    K.BREACH_STARTED: Text(
        "Mogelijk datalek",
        "Op {date} is een mogelijk datalek vastgelegd. Kijk er vandaag nog naar:\n\n{page}",
    ),
    K.DISPOSAL_DUE: Text(
        "Er zijn bewaartermijnen om",
        "Bij {school} zijn er stukken waarvan de bewaartermijn om is. Het aantal is nu: {count}.\n\n{page}",
    ),
    K.DISPOSAL_ASKED: Text(
        "Een voorstel om te vernietigen wacht op u",
        "Een collega stelt voor om iets te vernietigen. Een ander keurt dat goed. Het aantal is: {count}.\n\n{page}",
    ),
}

ENGLISH: dict[LetterKind, Text] = {
    K.LINK_CODE: Text(
        "Your code from {school}",
        "Your code is {code}\n\nYou can use it once, within {minutes} minutes.\n\n"
        "Did you not ask for a code? Then you need not do anything. Give the code to nobody else.",
    ),
    K.LINK_SENT: Text(
        "{school} shares documents with you",
        "{school} shares documents with you. You can see them up to and including {until} on this page:\n\n{link}\n\n"
        "On that page you fill in a code. Do not forward this mail: the link is for you only.",
    ),
    K.LINK_VIEWED: Text(
        "Your link was opened",
        "A link with which you share documents was opened for the first time on {date}. See which one:\n\n{page}",
    ),
    K.LINK_LOCKED: Text(
        "Your link is locked",
        "A wrong code was tried too often at a link of yours, on {date}. The link is locked now. Look here, and make a "
        "new link if needed:\n\n{page}",
    ),
    K.LINK_EXPIRING: Text(
        "Links end soon",
        "Number of your links that end on {until} at the latest: {count}. See which ones:\n\n{page}",
    ),
    K.LINK_RETURNED: Text(
        "Something was sent back through your link",
        "Files were sent back through a link of yours. Number: {count}. They wait at the desk:\n\n{page}",
    ),
    K.INVITATION: Text(
        "Invitation to the portal of {school}",
        "{school} invites you to the portal for parents and pupils. Go to:\n\n{page}\n\n"
        "Your code is {code}\n\nIt works once, up to and including {until}. Give the code to nobody else.",
    ),
    K.PORTAL_OPENED: Text(
        "New in the portal of {school}",
        "From {date} you see more in the portal. Log in to look:\n\n{page}",
    ),
    K.SIGNING_ASKED: Text(
        "{school} asks you to read a plan",
        "A plan is ready for you. Read it and say what you think of it, up to and including {until}:\n\n{page}",
    ),
    K.SIGNING_REMINDED: Text(
        "Reminder: a plan waits for your answer",
        "A plan is still waiting for you. Will you read it and answer, up to and including {until}?\n\n{page}",
    ),
    K.SIGNING_ANSWERED: Text(
        "Somebody answered to a plan",
        "Somebody answered to a plan that you put forward. Number of answers so far: {count}.\n\n{page}",
    ),
    K.CORRECTION_RECEIVED: Text(
        "A change was reported",
        "Number of reported changes that wait for a decision: {count}.\n\n{page}",
    ),
    K.CORRECTION_ANSWERED: Text(
        "Answer to the change that you reported",
        "{school} looked at the change that you reported. Log in to read the answer:\n\n{page}",
    ),
    K.PACKAGE_READY: Text(
        "{school} asks you to look at data",
        "Data are ready to go to another school. Look at them before they go, up to and including {until}:\n\n{page}",
    ),
    K.PACKAGE_ANSWERED: Text(
        "Somebody answered to a transfer",
        "Somebody answered to a transfer that you prepare. Number of answers so far: {count}.\n\n{page}",
    ),
    K.PACKAGE_RECEIVED: Text(
        "A transfer file was received",
        "Number of transfer files that wait for you: {count}.\n\n{page}",
    ),
    K.REQUEST_RECEIVED: Text(
        "A request for access",
        "Somebody asks which data you keep. The answer must be there on {until} at the latest.\n\n{page}",
    ),
    K.REQUEST_READY: Text(
        "The answer to your request is ready",
        "The answer to your request is ready up to and including {until}. Log in to fetch it:\n\n{page}",
    ),
    K.BREACH_STARTED: Text(
        "A possible data breach",
        "A possible data breach was recorded on {date}. Look at it today:\n\n{page}",
    ),
    K.DISPOSAL_DUE: Text(
        "Retention periods are over",
        "At {school} there are documents whose retention period is over. Their number is now: {count}.\n\n{page}",
    ),
    K.DISPOSAL_ASKED: Text(
        "A proposal to destroy waits for you",
        "A colleague proposes to destroy something. Somebody else approves that. The number is: {count}.\n\n{page}",
    ),
}

DEFAULTS: dict[str, dict[LetterKind, Text]] = {"nl": DUTCH, "en": ENGLISH}
"""By language, then by kind."""

MANY = {"nl": Text("Berichten van {school}", ""), "en": Text("Messages from {school}", "")}
"""The subject of a mail with several letters in it."""

FRAME = {
    "nl": Text(
        "",
        "Goedendag,\n\n{letters}\n\nMet vriendelijke groet,\n{school}\n\n-- \nDeze mail is automatisch verstuurd. Een "
        "antwoord op deze mail wordt niet gelezen.\n{choose}",
    ),
    "en": Text(
        "",
        "Hello,\n\n{letters}\n\nKind regards,\n{school}\n\n-- \nThis mail was sent automatically. Answers to it are "
        "not read.\n{choose}",
    ),
}
"""What stands around the letters of one mail."""

CHOOSE = {
    "nl": "U kiest zelf welke mails u krijgt: na het inloggen, bij Mail.\n",
    "en": "You choose which mails you get: after signing in, under Mail.\n",
}
"""For who can choose."""

BETWEEN = "\n\n* * *\n\n"
