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
        "UNIONAPP_REPORTING_URL": "https://who:secret@report.example.jp",
    }
    with pytest.raises(config.SettingsError) as caught:
        config.from_env(environ)
    assert {fault.split(":")[0] for fault in caught.value.faults} == set(environ)


@pytest.mark.parametrize(
    "reporting", ["https://u.example.jp", "https://u.example.jp:8443", "http://U.example.jp"]
)
def test_both_sites_on_one_host_are_refused(reporting):
    environ = {"UNIONAPP_MEMBERS_URL": "https://u.example.jp", "UNIONAPP_REPORTING_URL": reporting}
    with pytest.raises(config.SettingsError, match="another host"):
        config.from_env(environ)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    settings = config.from_env({"UNIONAPP_DATA_DIR": str(tmp_path)})
    first = config.ensure_secret(settings)
    assert len(first) == 64
    assert config.ensure_secret(settings) == first
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]


@pytest.mark.parametrize("left_behind", ["", "short\n"])
def test_a_secret_that_anybody_could_guess_is_refused(tmp_path, left_behind):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "secret_key").write_text(left_behind)
    with pytest.raises(config.SettingsError, match="at least 32"):
        config.ensure_secret(config.from_env({"UNIONAPP_DATA_DIR": str(tmp_path)}))


@pytest.mark.parametrize(
    "address", ["https://h.jp?x", "https://h.jp#y", "https://h.jp:99999", "https://", "h.jp"]
)
def test_an_origin_is_a_scheme_and_a_host_and_nothing_else(address):
    with pytest.raises(config.SettingsError, match="UNIONAPP_MEMBERS_URL"):
        config.from_env({"UNIONAPP_MEMBERS_URL": address})
