"""What every route of the administration asks for, written by hand: who has the duty, and over what kind of thing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MANAGERS = frozenset({"gijs"})
"""Of the cast only Gijs administers everything, and only at his own board."""
GROUP_MANAGERS = frozenset({"gijs", "dirk"})
NO_VERSION = "999999"
CHANGED = {"versie": NO_VERSION, "doe": "opslaan", "name": "Anders", "language": "nl", "open": "nee", "reason": "proef"}


@dataclass(frozen=True)
class Managed:
    """One route with one method. `things`: the kinds of objects in the address, in order.

    `done`: the status for who may. A form is sent with a version that nothing has: whoever may change a thing is told
    so (409), and nothing changes.
    """

    done: int = 200
    holders: frozenset[str] = MANAGERS
    things: tuple[str, ...] = ()
    form: Mapping[str, str] = field(default_factory=dict)


def page(*things: str, holders: frozenset[str] = MANAGERS) -> Managed:
    """A page to read."""
    return Managed(200, holders, things)


def save(
    *things: str, holders: frozenset[str] = MANAGERS, done: int = 409, form: Mapping[str, str] = CHANGED
) -> Managed:
    """A form that is sent."""
    return Managed(done, holders, things, form)


def both(
    endpoint: str, *things: str, holders: frozenset[str] = MANAGERS, reading: int = 200, done: int = 409
) -> dict[tuple[str, str], Managed]:
    """A form with its page."""
    return {
        (endpoint, "GET"): Managed(reading, holders, things),
        (endpoint, "POST"): Managed(done, holders, things, CHANGED),
    }


ADMIN: dict[tuple[str, str], Managed] = {
    ("admin.home", "GET"): page(holders=GROUP_MANAGERS),
    ("admin.history", "GET"): page(holders=GROUP_MANAGERS),
    ("admin.schools", "GET"): page(),
    ("admin.school", "GET"): page("school"),
    **both("admin.board", "board"),
    **both("admin.new_school", "board", done=400),
    **both("admin.change_school", "school"),
    **both("admin.close_school", "school", reading=409),
    **both("admin.reopen_school", "school"),
    **both("admin.new_site", "school", done=400),
    **both("admin.change_site", "school", "site"),
    **both("admin.close_site", "school", "site"),
    **both("admin.reopen_site", "school", "site"),
    ("admin.groups", "GET"): page(holders=GROUP_MANAGERS),
    ("admin.group", "GET"): page("group", holders=GROUP_MANAGERS),
    ("admin.new_group", "GET"): page(holders=GROUP_MANAGERS),
    ("admin.new_group", "POST"): save(holders=GROUP_MANAGERS, done=200, form={**CHANGED, "doe": "nagaan"}),
    **both("admin.change_group", "group", holders=GROUP_MANAGERS),
    **both("admin.merge_group", "group", holders=GROUP_MANAGERS, done=400),
    **both("admin.close_group", "group", holders=GROUP_MANAGERS, reading=409),
    **both("admin.reopen_group", "group", holders=GROUP_MANAGERS),
    ("admin.add_mentor", "POST"): save("group", holders=GROUP_MANAGERS),
    ("admin.end_mentor", "POST"): save("group", "stay", holders=GROUP_MANAGERS),
    ("admin.people", "GET"): page(),
    **both("admin.new_person", done=400),
    ("admin.person", "GET"): page("user"),
    **both("admin.change_person", "user"),
    **both("admin.give_role", "user"),
    **both("admin.end_role", "user", "held"),
    **both("admin.disable", "user"),
    **both("admin.enable", "user"),
    ("admin.end_sessions", "POST"): save("user", done=303),
    ("admin.signing_in", "GET"): page("user"),
    ("admin.change_signing_in", "POST"): save("user"),
    ("admin.make_link", "POST"): save("user", done=200),
    **both("admin.issue_token", "user", done=400),
    ("admin.revoke_token", "POST"): save("user", "token", done=303),
    ("admin.categories", "GET"): page(),
    ("admin.category", "GET"): page("category"),
    **both("admin.new_category", done=400),
    **both("admin.change_category", "category"),
    ("admin.sources", "GET"): page(),
    **both("admin.source", "kind"),
    ("admin.scan_folders", "GET"): page(),
    **both("admin.new_scan_folder", done=400),
    **both("admin.scan_folder", "scan_folder", done=400),
    **both("admin.remove_scan_folder", "scan_folder"),
    ("admin.look_into_folder", "POST"): save("scan_folder", done=303),
    ("admin.mailboxes", "GET"): page(),
    **both("admin.new_mailbox", done=400),
    **both("admin.mailbox", "mailbox", done=400),
    **both("admin.remove_mailbox", "mailbox"),
    ("admin.mailbox_secret", "GET"): page("mailbox"),
    ("admin.set_mailbox_secret", "POST"): save("mailbox", done=400),
    ("admin.fetch_mail", "POST"): save("mailbox", done=303),
    ("admin.try_mailbox", "POST"): save("mailbox", done=200),
    ("admin.senders", "GET"): page("mailbox"),
    ("admin.save_sender", "POST"): save("mailbox", done=400),
    ("admin.remove_sender", "POST"): save("mailbox", "rule", done=303),
    ("admin.settings", "GET"): page(),
    **both("admin.board_settings", done=409),
    **both("admin.school_settings", done=409),
}
