"""The wheel is whole: put elsewhere, without the checkout, it serves a page with its style, in both languages."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VISIT = """
import sys
from pathlib import Path
import dms, templates
from dms.app import App
from dms.settings import load
from dms.web.factory import create_app

site, folder = Path(sys.argv[1]), Path(sys.argv[2])
assert all(Path(x.__file__).is_relative_to(site) for x in (dms, templates)), (dms.__file__, templates.__file__)
house = App.initialise(load({"DMS_DATA": str(folder / "var"), "DMS_KEYS": str(folder / "keys")}, folder))
client = create_app(house).test_client()
page = client.get("/inloggen").get_data(as_text=True)
assert ">Inloggen</h1>" in page, page
style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
assert b"--paper" in client.get(style).data, style
client.set_cookie("dms-taal", "en")
assert ">Sign in</h1>" in client.get("/inloggen").get_data(as_text=True)
print("visited")
"""


@pytest.mark.slow
def test_a_wheel_put_elsewhere_serves_a_page(tmp_path: Path) -> None:
    pytest.importorskip("hatchling.build", reason="the build backend is not installed")
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    subprocess.run(
        [sys.executable, "-c", "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])", wheels],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        assert not [x for x in packed.namelist() if x.startswith(("tests/", "benchmarks/", "docs/"))]
        packed.extractall(site)
    done = subprocess.run(
        ["env", f"PYTHONPATH={site}", sys.executable, "-W", "ignore", "-c", VISIT, site, tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("visited\n")
