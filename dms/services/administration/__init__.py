"""Administration: schools, groups, colleagues, categories, sources and settings, each checked before it is saved."""

from dms.services.accounts.gifts import GivingRule, second_person
from dms.services.administration.access import AccessAdministration
from dms.services.administration.categories import CategoryAdministration
from dms.services.administration.groups import GroupAdministration
from dms.services.administration.history import HistoryAdministration
from dms.services.administration.mailboxes import MailboxAdministration
from dms.services.administration.people import PeopleAdministration
from dms.services.administration.roles import RoleAdministration
from dms.services.administration.scan_folders import ScanFolderAdministration
from dms.services.administration.schools import SchoolAdministration
from dms.services.administration.senders import SenderAdministration
from dms.services.administration.settings import SettingsAdministration
from dms.services.administration.signing_in import SigningInAdministration
from dms.services.administration.sites import SiteAdministration
from dms.services.administration.sources import SourceAdministration
from dms.services.tools import Tools

__all__ = ["Administration"]


class Administration:
    """All rooms of the administration. `rule` says which roles wait for a second person."""

    def __init__(self, tools: Tools, rule: GivingRule = second_person) -> None:
        self.schools = SchoolAdministration(tools)
        self.sites = SiteAdministration(tools)
        self.groups = GroupAdministration(tools)
        self.people = PeopleAdministration(tools)
        self.roles = RoleAdministration(tools, rule)
        self.access = AccessAdministration(tools)
        self.signing_in = SigningInAdministration(tools)
        self.categories = CategoryAdministration(tools)
        self.sources = SourceAdministration(tools)
        self.scan_folders = ScanFolderAdministration(tools)
        self.mailboxes = MailboxAdministration(tools)
        self.senders = SenderAdministration(tools)
        self.settings = SettingsAdministration(tools)
        self.history = HistoryAdministration(tools)
