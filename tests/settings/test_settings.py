"""Settings: all faults at once, secrets never shown, defaults that work."""

from pathlib import Path

import pytest

from dms.kernel.errors import SetupWrong
from dms.settings import DOCUMENTED, load


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/var/dossierkluis.sqlite"
    assert settings.object_store == f"file:{tmp_path}/var/objects"
    assert settings.keys == f"{tmp_path}/keys"
    assert (settings.bind_host, settings.bind_port) == ("127.0.0.1", 8080)
    assert not settings.secure_cookies


def test_all_faults_are_told_together_and_no_secret_with_them(tmp_path: Path) -> None:
    wrong = {
        "DMS_BIND": "nergens",
        "DMS_DATABASE_URL": "mysql://root:geheim1@db/x",
        "DMS_OBJECT_STORE": "s3://sleutel:geheim2",
        "DMS_SECRET": "geheim3",
        "DMS_PUBLIC_URL": "school.nl",
        "DMS_WORKERS": "-1",
        "DMS_SEARCH": "altavista",
        "DMS_ROOT_KEY": "geheim4",
        "DMS_VERZONNEN": "geheim5",
    }
    with pytest.raises(SetupWrong) as told:
        load(wrong, tmp_path)
    text = told.value.text()
    assert all(name in text for name in wrong)
    assert "geheim" not in text


def test_shown_settings_hide_secrets(tmp_path: Path) -> None:
    settings = load(
        {
            "DMS_DATABASE_URL": "postgresql+psycopg://dms:geheim@127.0.0.1/dms",
            "DMS_OBJECT_STORE": "s3://sleutel:geheim@127.0.0.1:9000/bak?tls=0",
            "DMS_SECRET": "geheim" * 8,
            "DMS_ROOT_KEY": "env:" + "ab" * 32,
            "DMS_PUBLIC_URL": "https://dossier.school.example/",
        },
        tmp_path,
    )
    shown = str(settings.shown())
    assert "geheim" not in shown
    assert "abab" not in shown
    assert settings.secure_cookies
    assert settings.public_url == "https://dossier.school.example"


def test_the_environment_wins_from_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# eigen instellingen\nexport DMS_WORKERS='3'\nDMS_BIND=0.0.0.0:9000\nANDERS=1\n")
    settings = load({"DMS_WORKERS": "5"}, tmp_path)
    assert (settings.workers, settings.bind_host, settings.bind_port) == (5, "0.0.0.0", 9000)


def test_addresses_of_other_services_are_checked(tmp_path: Path) -> None:
    good = load({"DMS_SMTP_URL": "smtps://wij:geheim@mail:465", "DMS_CLAMAV": "unix:/run/clamd.ctl"}, tmp_path)
    assert "geheim" not in str(good.shown())
    for name, value in (("DMS_CLAMAV", "z"), ("DMS_CLAMAV", "host:0"), ("DMS_SMTP_URL", "http://x")):
        with pytest.raises(SetupWrong) as told:
            load({name: value}, tmp_path)
        assert name in told.value.text()


def test_every_setting_has_an_explanation() -> None:
    assert all(name.startswith("DMS_") and text for name, text in DOCUMENTED.items())
