"""Brings in the Nu HTML checker for the tests: one jar (MIT licence) from the npm package, checked against its digest.

It is no Debian package. Where npm is not there, or does not reach its registry, the tests keep to rules of our own.
"""

import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path

from dms.install.shell import Shell
from dms.install.tools import tools_folder

PACKAGE = "vnu-jar@26.9.27"
DIGEST = (
    "4e441de4315f39a582f5e6edbe8cd3b2b1f655aa1dde3620faface791133217c"
    "417b12f3f7ead2d8336d8e7efe44f5226618258b44a0860057e9125135e6b428"
)
"""SHA-512 of the package."""
MEMBER = "package/build/dist/vnu.jar"


def bring_in(project: Path, shell: Shell) -> bool:
    """Put the jar at `.tools/vnu.jar` unless it is there; whether it is there afterwards. No npm is no fault."""
    target = tools_folder(project) / "vnu.jar"
    if target.is_file():
        return True
    if shutil.which("npm") is None:
        return False
    with tempfile.TemporaryDirectory(prefix="dossierkluis-vnu-") as name:
        folder = Path(name)
        if not shell.run(["npm", "pack", "--silent", PACKAGE], folder=folder).ok:
            return False
        archive = next(folder.glob("*.tgz"), None)
        if archive is None or hashlib.sha512(archive.read_bytes()).hexdigest() != DIGEST:
            return False
        with tarfile.open(archive) as package:
            jar = package.extractfile(MEMBER)
            if jar is None:
                return False
            draft = target.with_name("vnu.jar.new")
            with jar, draft.open("wb") as file:
                shutil.copyfileobj(jar, file)
            draft.replace(target)
    return True
