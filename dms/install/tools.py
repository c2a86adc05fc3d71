"""Programs unpacked beside the project (`.tools/`), and the environment in which they are found.

`.tools/root` holds unpacked Debian packages, `.tools/bin` starters for programs that expect a fixed place,
`.tools/env.sh` the environment for shells. Without unpacked programs nothing in the environment changes.
"""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

TESSDATA = "usr/share/tesseract-ocr/*/tessdata"
MAGIC_FILE = "usr/lib/file/magic.mgc"
CHROMIUM = "usr/lib/chromium/chromium"
JAVA_LIBRARIES = "usr/share/java"
JAVA_PROGRAMS = "usr/lib/jvm/java-*-openjdk-*/bin"
DEFAULTS = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LD_LIBRARY_PATH": "",
    "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
}

_STARTER = """#!/bin/sh
exec {program} "$@"
"""

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{fonts}</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def inherited_environment() -> dict[str, str]:
    """The environment this process was started with."""
    return dict(os.environ)  # noqa: TID251 - set-up runs before the settings' libraries exist


def tools_folder(project: Path) -> Path:
    """The folder of `project` that holds what set-up brought in."""
    return project / ".tools"


def unpacked(project: Path) -> Path:
    """The folder under which unpacked packages keep their usual paths (`usr/bin`, …)."""
    return tools_folder(project) / "root"


def tool_environment(project: Path, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """What must be set for unpacked programs to work: complete values, empty where nothing is unpacked.

    `inherited` (this process's environment when left out) supplies what stands behind our own folders in lists.
    """
    outer = inherited_environment() if inherited is None else inherited
    lists = {
        name: ":".join(filter(None, [*map(str, folders), outer.get(name) or DEFAULTS[name]]))
        for name, folders in _lists(project.resolve()).items()
    }
    return lists | _singles(project.resolve())


def write_environment(project: Path) -> None:
    """Write `.tools/env.sh` for shells to read; removed where nothing is unpacked."""
    target = tools_folder(project) / "env.sh"
    # What stands behind our folders is filled in by the shell that reads the file, so that it stays right everywhere.
    lines = [
        f"export {name}={shlex.quote(':'.join(map(str, folders)))}"
        + (f'":${{{name}:-{DEFAULTS[name]}}}"' if DEFAULTS[name] else f'"${{{name}:+:${name}}}"')
        for name, folders in _lists(project.resolve()).items()
    ] + [f"export {name}={shlex.quote(value)}" for name, value in _singles(project.resolve()).items()]
    if lines:
        write_if_changed(target, "\n".join(lines) + "\n")
    else:
        target.unlink(missing_ok=True)


def finish_unpacked(project: Path) -> None:
    """Do what the packages' own install scripts would have done, as far as the unpacked programs need it."""
    base = unpacked(project)
    _turn_links_inward(base)
    if tessdata := next(base.glob(TESSDATA), None):
        _borrow_from_system(tessdata)
    if (base / CHROMIUM).is_file():
        program = shlex.quote(str((base / CHROMIUM).resolve()))
        starter = tools_folder(project) / "bin" / "chromium"
        write_if_changed(starter, _STARTER.format(program=program), mode=0o755)
        fonts = _FONTS.format(fonts=(base / "usr/share/fonts").resolve())
        write_if_changed(tools_folder(project) / "fonts.conf", fonts)


def write_if_changed(target: Path, text: str, *, mode: int = 0o644) -> None:
    """Write `text` to `target` at once and whole, unless it is there already."""
    if target.is_file() and target.read_text(encoding="utf-8") == text and target.stat().st_mode & 0o777 == mode:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".new")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(mode)
    draft.replace(target)


def _turn_links_inward(base: Path) -> None:
    """Links that packages hold to fixed places lead to what was unpacked with them, where the system lacks it."""
    for folder, names, files in os.walk(base):
        for link in (Path(folder, name) for name in (*names, *files)):
            if link.is_symlink() and not link.exists() and (aim := link.readlink()).is_absolute():
                inside = base / aim.relative_to("/")
                if inside.is_symlink() or inside.exists():
                    link.unlink()
                    link.symlink_to(os.path.relpath(inside, link.parent))


def _borrow_from_system(tessdata: Path) -> None:
    """Link the system's own language files beside the unpacked ones: tesseract looks in one folder only."""
    for system in sorted(Path("/").glob(TESSDATA)):
        for entry in system.iterdir():
            link = tessdata / entry.name
            if not link.exists():
                link.unlink(missing_ok=True)
                link.symlink_to(entry)


def _lists(project: Path) -> dict[str, list[Path]]:
    """Our own folders per variable that holds a list of folders."""
    base = unpacked(project)
    if not base.is_dir():
        return {}
    found = {
        "PATH": _program_folders(base),
        "LD_LIBRARY_PATH": _library_folders(base),
        "XDG_DATA_DIRS": [folder for folder in [base / "usr/share"] if folder.is_dir()],
    }
    return {name: folders for name, folders in found.items() if folders}


def _singles(project: Path) -> dict[str, str]:
    """Variables that hold one path."""
    base = unpacked(project)
    found = {
        "TESSDATA_PREFIX": next(base.glob(TESSDATA), None),
        "MAGIC": base / MAGIC_FILE,
        "FONTCONFIG_FILE": tools_folder(project) / "fonts.conf",
    }
    return {name: str(path) for name, path in found.items() if path is not None and path.exists()}


def _program_folders(base: Path) -> list[Path]:
    """Folders with programs. PostgreSQL's own come before `usr/bin`, whose starters only work when installed."""
    apart = [*sorted(base.glob("usr/lib/postgresql/*/bin")), *sorted(base.glob(JAVA_PROGRAMS))]
    folders = [base.parent / "bin", *apart, base / "usr/bin", base / "bin"]
    return [folder for folder in folders if folder.is_dir()]


def _library_folders(base: Path) -> list[Path]:
    """Folders with shared libraries, and those just below in which Debian keeps some apart (blas, pulseaudio)."""
    roots = [*sorted(base.glob("usr/lib/*-linux-gnu*")), *sorted(base.glob("lib/*-linux-gnu*"))]
    below = [folder for root in roots for folder in sorted(root.iterdir()) if folder.is_dir()]
    return [folder for folder in [*roots, *below] if next(folder.glob("lib*.so*"), None) is not None]
