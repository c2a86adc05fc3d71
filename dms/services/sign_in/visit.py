"""Whence somebody signs in, as far as it matters here."""

import ipaddress
import re
from dataclasses import dataclass

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """The network address, the token of a device that was here before, and the name of browser and system."""

    address: str = ""
    device_token: str = ""
    device: str = ""

    @property
    def place(self) -> str:
        """The address; of IPv6 the /64, for one device has that whole."""
        try:
            found = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        if found.version == 6:
            return str(ipaddress.ip_network((found, 64), strict=False))
        return str(found)


NOWHERE = Visit()


def device_name(agent: str) -> str:
    """Browser and system out of what a browser says of itself ("Firefox, Windows"); empty for what is not known."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if re.search(re.escape(mark), agent)), "")
    return ", ".join(x for x in (browser, system) if x)
