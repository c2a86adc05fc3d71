"""Where LibreOffice is, and the place that it gets in a job's folder: a profile of its own with the safe choices.

Debian's packages without screens leave out two descriptions of windows that a spreadsheet is not opened without, though
nobody sees it. Where they lack, the job gets a folder of links that has them.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

LIBRARY = "libmergedlo.so"
USUAL = (
    Path("/usr/lib/libreoffice/program"),
    Path("/usr/lib64/libreoffice/program"),
    Path("/opt/libreoffice/program"),
)
_UI = Path("share/config/soffice.cfg/modules/scalc/ui")
_BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n<interface>'
_INPUT_BAR = (
    f'{_BEGIN}<object class="GtkGrid" id="InputBar"><child><object class="GtkButton" id="down"/></child>'
    '<child><object class="GtkButton" id="up"/></child><child><object class="GtkBox" id="background">'
    '<child><object class="GtkScrolledWindow" id="scrolledwindow"><child><object class="GtkViewport">'
    '<child><object class="GtkBox"><child><object class="GtkDrawingArea" id="sc_input_window"/></child>'
    "</object></child></object></child></object></child></object></child></object></interface>"
)
_POSITION_BOX = (
    f'{_BEGIN}<object class="GtkBox" id="PosBox"><child><object class="GtkComboBoxText" id="pos_window">'
    '<property name="has_entry">True</property><child internal-child="entry"><object class="GtkEntry"/></child>'
    "</object></child></object></interface>"
)
_WINDOWS = {"inputbar.ui": _INPUT_BAR, "posbox.ui": _POSITION_BOX}

_CHOICES: tuple[tuple[str, str, str], ...] = (
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Common/Load", "UpdateDocMode", "0"),
    ("/org.openoffice.Office.Common/Save/Document", "AutoSave", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("/org.openoffice.Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "nl-NL"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
)
"""Macros never run, links are never followed or brought up to date, nothing is computed anew. Key, field, value."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a job's LibreOffice starts with. `brand`: the folder that stands for the one it is installed in, or None."""

    program: Path
    profile: Path
    brand: Path | None


NO = "nee"


def find(chosen: str) -> Path | None:
    """LibreOffice's folder of libraries: the `chosen` one, else where its program is, else the usual places.

    None where it is not, or with `NO`.
    """
    if chosen == NO:
        return None
    started = shutil.which("soffice")
    places = (Path(chosen),) if chosen else (*((Path(started).resolve().parent,) if started else ()), *USUAL)
    return next((x for x in places if (x / LIBRARY).is_file()), None)


def prepare(program: Path, folder: Path) -> Place:
    """Make profile and links in the job's `folder`."""
    profile = folder / "office"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    home = program.resolve().parent
    if not (home / "program" / "libsclo.so").exists() or all((home / _UI / x).exists() for x in _WINDOWS):
        return Place(program, profile, None)
    brand = folder / "brand"
    if not brand.exists():
        _link_around(home, brand, _UI)
        for name, text in _WINDOWS.items():
            window = brand / _UI / name
            if not window.exists():
                window.write_text(text, encoding="utf-8")
    return Place(brand / "program", profile, brand)


def _link_around(home: Path, brand: Path, hollow: Path) -> None:
    """Make `brand` like `home`, by links, but with folders of our own down to `hollow`."""
    own, theirs = brand, home
    for part in (*hollow.parts, None):
        own.mkdir(parents=True)
        for entry in theirs.iterdir() if theirs.is_dir() else ():
            if entry.name != part:
                (own / entry.name).symlink_to(entry)
        if part is not None:
            own, theirs = own / part, theirs / part


def _registry() -> str:
    items = "\n".join(
        f'<item oor:path="{path}"><prop oor:name="{field}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, field, value in _CHOICES
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}\n</oor:items>\n"
    )
