"""Settings: read once at start from the environment, all faults reported together."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
PREFIX = "UNIONAPP_"


class SettingsError(Exception):
    """One or more settings cannot be used; ``faults`` holds a sentence for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class MailSettings:
    """Where letters go: an SMTP server, or a folder when ``host`` is empty."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    sender: str


@dataclass(frozen=True)
class Settings:
    """Everything the programs need to know from outside.

    ``data_dir`` holds the database, keys, attachments and the letters folder. ``members_url`` and
    ``reporting_url`` are the two origins, without a trailing slash. Times are in seconds, sizes in bytes.
    """

    data_dir: Path
    database_url: str
    queue_url: str
    secret_key: str
    members_url: str
    reporting_url: str
    union_name_ja: str
    union_name_en: str
    mail: MailSettings
    argon2_memory_kib: int
    argon2_rounds: int
    max_upload_bytes: int
    job_lease_seconds: float
    sweep_seconds: float
    proxies: int
    source_url: str
    demo: bool

    @property
    def letters_dir(self) -> Path:
        return self.data_dir / "letters"

    @property
    def attachments_dir(self) -> Path:
        return self.data_dir / "attachments"

    @property
    def secure(self) -> bool:
        """Tell whether members come over https, so that cookies must be marked Secure."""
        return self.members_url.startswith("https://")


class _Reader:
    """Reads values from a mapping and remembers every fault instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def get(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        raw = self._environ.get(PREFIX + name)
        if raw is None or raw == "":
            return default
        try:
            return parse(raw)
        except ValueError as fault:
            self.faults.append(f"{PREFIX}{name}: {fault}")
            return default

    def report_unknown(self, known: frozenset[str]) -> None:
        for name in sorted(self._environ):
            if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in known:
                self.faults.append(f"{name}: there is no such setting")


KNOWN = frozenset(
    {
        "DATA_DIR", "DATABASE_URL", "QUEUE_URL", "SECRET_KEY", "MEMBERS_URL", "REPORTING_URL",
        "UNION_NAME_JA", "UNION_NAME_EN", "MAIL_HOST", "MAIL_PORT", "MAIL_USER", "MAIL_PASSWORD",
        "MAIL_TLS", "MAIL_SENDER", "ARGON2_MEMORY_KIB", "ARGON2_ROUNDS", "MAX_UPLOAD_BYTES",
        "JOB_LEASE_SECONDS", "SWEEP_SECONDS", "PROXIES", "SOURCE_URL", "DEMO",
    }
)  # fmt: skip


def from_env(environ: Mapping[str, str], *, default_dir: Path | None = None) -> Settings:
    """Read the settings from an environment.

    Raises SettingsError naming every value that cannot be used.
    """
    read = _Reader(environ)
    read.report_unknown(KNOWN)
    data_dir = read.get("DATA_DIR", (default_dir or Path.cwd() / "instance"), Path).resolve()
    settings = Settings(
        data_dir=data_dir,
        database_url=read.get("DATABASE_URL", f"sqlite:///{data_dir / 'unionapp.sqlite3'}", _database),
        queue_url=read.get("QUEUE_URL", f"sqlite:///{data_dir / 'queue.sqlite3'}", _database),
        secret_key=read.get("SECRET_KEY", "", _secret),
        members_url=read.get("MEMBERS_URL", "http://localhost:8000", _origin),
        reporting_url=read.get("REPORTING_URL", "http://127.0.0.1:8001", _origin),
        union_name_ja=read.get("UNION_NAME_JA", "架空アニメーターユニオン", str),
        union_name_en=read.get("UNION_NAME_EN", "Fictional Animators' Union", str),
        mail=_mail(read),
        argon2_memory_kib=read.get("ARGON2_MEMORY_KIB", 19456, _at_least(8)),
        argon2_rounds=read.get("ARGON2_ROUNDS", 2, _at_least(1)),
        max_upload_bytes=read.get("MAX_UPLOAD_BYTES", 64 * 1024 * 1024, _at_least(1024 * 1024)),
        job_lease_seconds=read.get("JOB_LEASE_SECONDS", 60.0, _seconds),
        sweep_seconds=read.get("SWEEP_SECONDS", 15.0, _seconds),
        proxies=read.get("PROXIES", 0, _at_least(0)),
        source_url=read.get("SOURCE_URL", "", _address_of_source),
        demo=read.get("DEMO", default=False, parse=_flag),
    )
    if urlsplit(settings.members_url).hostname == urlsplit(settings.reporting_url).hostname:
        # Browsers send cookies to every port of a host: a report would come with its author's sign-in.
        read.faults.append(f"{PREFIX}REPORTING_URL: must be on another host than {PREFIX}MEMBERS_URL")
    if read.faults:
        raise SettingsError(read.faults)
    return settings


def ensure_secret(settings: Settings) -> str:
    """Return the secret key, making one in the data folder at the first start (for its owner only).

    Raises SettingsError for a file that holds too short a key.
    """
    if settings.secret_key:
        return settings.secret_key
    path = settings.data_dir / "keys" / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"secret_key.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            path.hardlink_to(fresh)  # two processes may start at once: the first link wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        return _secret(path.read_text(encoding="ascii").strip())
    except ValueError as fault:
        raise SettingsError([f"{path}: {fault}"]) from None


def _mail(read: _Reader) -> MailSettings:
    return MailSettings(
        host=read.get("MAIL_HOST", "", str),
        port=read.get("MAIL_PORT", 25, _port),
        user=read.get("MAIL_USER", "", str),
        password=read.get("MAIL_PASSWORD", "", str),
        tls=read.get("MAIL_TLS", default=False, parse=_flag),
        sender=read.get("MAIL_SENDER", "union@example.jp", _address),
    )


def _database(raw: str) -> str:
    if raw.startswith(("sqlite:///", "postgresql+psycopg://")):
        return raw
    if raw.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + raw.split("://", 1)[1]
    raise ValueError("must begin with sqlite:/// or postgresql://")


def _secret(raw: str) -> str:
    if len(raw) < 32:  # noqa: PLR2004  # 128 bits in hexadecimal
        raise ValueError("must be at least 32 characters")
    return raw


def _origin(raw: str) -> str:
    parts = urlsplit(raw)
    beyond = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond or parts.port == 0:
        raise ValueError("must be an address such as https://union.example.jp, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _address(raw: str) -> str:
    if "@" not in raw:
        raise ValueError("must be a mail address")
    return raw


def _address_of_source(raw: str) -> str:
    if not raw.startswith(("https://", "http://")):
        raise ValueError("must be an address that begins with https://")
    return raw


def _port(raw: str) -> int:
    port = int(raw)
    if not 0 < port < 65536:  # noqa: PLR2004  # the range of TCP ports
        raise ValueError("must be between 1 and 65535")
    return port


def _at_least(floor: int) -> Callable[[str], int]:
    def parse(raw: str) -> int:
        number = int(raw)
        if number < floor:
            raise ValueError(f"must be at least {floor}")
        return number

    return parse


def _seconds(raw: str) -> float:
    number = float(raw)
    if not 0 < number < float("inf"):
        raise ValueError("must be a number of seconds above 0")
    return number


def _flag(raw: str) -> bool:
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("must be 1 or 0")
