"""What the system lacks, and programs that live beside the project."""

import subprocess
from pathlib import Path

import pytest

from dms.install import needs, packages
from dms.install.tools import finish_unpacked, tool_environment, unpacked, write_environment

SIMULATION = """\
NOTE: This is only a simulation!
Reading package lists...
The following NEW packages will be installed:
  libfoo1 tesseract-ocr
Inst libc6 [2.36-9] (2.36-9+deb12u10 Debian:12.11/stable [amd64])
Inst libfoo1 (1:2.0~rc1-3+b2 Debian:12.11/stable [amd64])
Inst tesseract-ocr (5.3.0-2 Debian:12.11/stable [amd64]) []
Conf libfoo1 (1:2.0~rc1-3+b2 Debian:12.11/stable [amd64])
"""


def test_the_plan_of_apt_is_read_with_versions():
    assert [str(one) for one in packages.planned(SIMULATION)] == [
        "libc6=2.36-9+deb12u10",
        "libfoo1=1:2.0~rc1-3+b2",
        "tesseract-ocr=5.3.0-2",
    ]


def test_the_c_library_is_never_unpacked():
    assert "libc6" in packages.NEVER_UNPACKED


@pytest.fixture
def bare(tmp_path: Path) -> needs.Place:
    """A system with nothing in it, and a project with nothing unpacked."""
    return needs.Place(tmp_path / "project", search_path=str(tmp_path / "bin"), root=tmp_path / "system")


def _put(file: Path, text: str = "x", *, mode: int = 0o644) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    file.chmod(mode)


def test_a_bare_system_lacks_everything(bare):
    assert needs.missing(needs.RUNTIME + needs.TESTS, bare) == needs.RUNTIME + needs.TESTS


def test_what_is_in_the_system_or_beside_the_project_is_not_lacking(bare, tmp_path):
    _put(tmp_path / "bin/tesseract", mode=0o755)
    _put(tmp_path / "system/usr/share/tesseract-ocr/5/tessdata/osd.traineddata")
    _put(unpacked(tmp_path / "project") / "usr/share/tesseract-ocr/5/tessdata/nld.traineddata")
    _put(unpacked(tmp_path / "project") / "usr/lib/aarch64-linux-gnu/libmagic.so.1")
    assert [need.package for need in needs.missing(needs.RUNTIME, bare)] == [
        "libmagic1",  # the library is there, its list of types is not
        "fonts-dejavu-core",
        "fonts-liberation",
    ]


@pytest.fixture
def tooled(tmp_path: Path) -> Path:
    """A project with unpacked programs, in a folder whose name a shell could trip over."""
    project = tmp_path / "map met spatie's"
    base = unpacked(project)
    _put(base / "usr/bin/tesseract", "#!/bin/sh\necho unpacked tesseract\n", mode=0o755)
    _put(base / "usr/lib/postgresql/15/bin/psql", mode=0o755)
    _put(base / "usr/lib/x86_64-linux-gnu/libtesseract.so.5")
    _put(base / "usr/lib/x86_64-linux-gnu/pulseaudio/libpulsecommon-16.1.so")
    _put(base / "usr/lib/x86_64-linux-gnu/perl/base.pm")
    _put(base / "usr/share/tesseract-ocr/5/tessdata/nld.traineddata")
    _put(base / "usr/lib/file/magic.mgc")
    _put(base / "usr/lib/chromium/chromium", '#!/bin/sh\necho chromium "$@"\n', mode=0o755)
    finish_unpacked(project)
    return project


def test_without_unpacked_programs_the_environment_stays_as_it_is(tmp_path):
    assert tool_environment(tmp_path, {"PATH": "/bin"}) == {}
    write_environment(tmp_path)
    assert not (tmp_path / ".tools/env.sh").exists()


def test_unpacked_programs_come_first_and_the_rest_stays_reachable(tooled):
    base = unpacked(tooled.resolve())
    found = tool_environment(tooled, {"PATH": "/bin:/usr/bin", "LD_LIBRARY_PATH": "/eigen"})
    assert found["PATH"].split(":") == [
        str(base.parent / "bin"),
        str(base / "usr/lib/postgresql/15/bin"),
        str(base / "usr/bin"),
        "/bin",
        "/usr/bin",
    ]
    assert found["LD_LIBRARY_PATH"].split(":") == [
        str(base / "usr/lib/x86_64-linux-gnu"),
        str(base / "usr/lib/x86_64-linux-gnu/pulseaudio"),
        "/eigen",
    ]
    assert found["TESSDATA_PREFIX"] == str(base / "usr/share/tesseract-ocr/5/tessdata")
    assert found["MAGIC"] == str(base / "usr/lib/file/magic.mgc")


@pytest.mark.parametrize("outer", [{"PATH": "/usr/bin:/bin"}, {"PATH": "/usr/bin:/bin", "LD_LIBRARY_PATH": "/eigen"}])
def test_the_file_for_shells_says_the_same(tooled, outer):
    write_environment(tooled)
    done = subprocess.run(
        ["/bin/sh", "-c", '. "$1"; env; tesseract; chromium --versie', "sh", tooled / ".tools/env.sh"],
        env=outer,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    for name, value in tool_environment(tooled, outer).items():
        assert f"{name}={value}" in lines
    assert lines[-2:] == ["unpacked tesseract", "chromium --versie"]


def test_the_file_for_shells_goes_when_the_programs_go(tooled):
    write_environment(tooled)
    unpacked(tooled).rename(tooled / "weg")
    (tooled / ".tools/fonts.conf").unlink()
    write_environment(tooled)
    assert not (tooled / ".tools/env.sh").exists()


@pytest.mark.slow
def test_a_real_package_is_unpacked_with_its_libraries_and_runs(shell, tmp_path):
    project = tmp_path / "project"
    (tmp_path / "status").touch()  # as on a system that has nothing at all
    done = packages.unpack(shell, ["file"], project, installed=tmp_path / "status")
    assert done.ok, done.output
    base = unpacked(project)
    program = base / "usr/bin/file"
    libraries = subprocess.run(
        ["ldd", program], env=tool_environment(project), capture_output=True, text=True, check=True
    ).stdout
    assert str(base / "usr/lib") in next(line for line in libraries.splitlines() if "libmagic" in line)
    assert not list(base.glob("**/libc.so.6"))
    _put(tmp_path / "brief.pdf", "%PDF-1.7\n")
    kind = subprocess.run(
        [program, "--brief", tmp_path / "brief.pdf"], env=tool_environment(project), capture_output=True, text=True
    )
    assert kind.stdout.startswith("PDF document, version 1.7"), kind.stderr
    assert not (project / ".tools/apt").exists()
    assert not (project / ".tools/packages").exists()


def test_links_to_fixed_places_lead_to_what_was_unpacked_with_them(tmp_path):
    base = unpacked(tmp_path)
    _put(base / "etc/java-of-our-own/security/java.security")
    link = base / "usr/lib/jvm/java-17-openjdk-amd64/conf"
    link.parent.mkdir(parents=True)
    link.symlink_to("/etc/java-that-nobody-has")
    good = link.with_name("security")
    good.symlink_to("/etc/java-of-our-own/security")
    here = link.with_name("system")
    here.symlink_to("/etc/passwd")
    finish_unpacked(tmp_path)
    assert (good / "java.security").read_text() == "x"
    assert not link.exists()  # nobody has it
    assert here.readlink() == Path("/etc/passwd")  # the system has it
    _put(base / "usr/lib/jvm/java-17-openjdk-amd64/bin/java", mode=0o755)
    assert str(base / "usr/lib/jvm/java-17-openjdk-amd64/bin") in tool_environment(tmp_path)["PATH"].split(":")
