import pytest

from unionapp import config

pytestmark = pytest.mark.engine_free


def test_an_empty_environment_gives_a_working_start(tmp_path):
    settings = config.from_env({}, default_dir=tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'unionapp.sqlite3'}"
    assert settings.members_url != settings.reporting_url
    assert not settings.secure


def test_all_faults_are_reported_at_once():
    environ = {
        "UNIONAPP_DATABASE_URL": "mysql://somewhere",
        "UNIONAPP_MAIL_PORT": "70000",
        "UNIONAPP_SECRET_KEY": "short",
        "UNIONAPP_DEMO": "perhaps",
        "UNIONAPP_TYPO": "1",
        "UNIONAPP_MEMBERS_URL": "https://union.example.jp/path",
    }
    with pytest.raises(config.SettingsError) as caught:
        config.from_env(environ)
    assert {fault.split(":")[0] for fault in caught.value.faults} == set(environ)


def test_both_sites_on_one_origin_are_refused():
    environ = {
        "UNIONAPP_MEMBERS_URL": "https://u.example.jp",
        "UNIONAPP_REPORTING_URL": "https://u.example.jp",
    }
    with pytest.raises(config.SettingsError, match="another origin"):
        config.from_env(environ)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = config.from_env({"UNIONAPP_DATA_DIR": str(tmp_path)})
    first = config.ensure_secret(settings)
    assert len(first) == 64
    assert config.ensure_secret(settings) == first
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]
