"""Letters go through a real SMTP server, whatever the length of their lines."""

import email
import email.policy
import socket
import ssl
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from jinja2 import DictLoader

from tests.conftest import NoQueue
from unionapp.app import create_app
from unionapp.kernel import clock, db, jobs, mail
from unionapp.kernel.mail import Letter
from unionapp.kernel.unit_of_work import unit_of_work

LINE = "原画と動画の単価を下げる話し合いには応じません。" * 60


class Sink:
    def __init__(self):
        self.received = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  # aiosmtpd's name
        self.received.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def sink():
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, data_size_limit=1_000_000)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def mailing(settings, sink, connection):
    smtp = replace(settings.mail, host="127.0.0.1", port=sink.port, sender="組合 <union@example.jp>")
    app = create_app(replace(settings, mail=smtp), wakener=NoQueue())
    app.config["TESTING"] = False
    app.jinja_env.loader = DictLoader(
        {
            "t/subject.txt": "{{ title }}",
            "t/body.txt": "{{ line }}\n",
            "t/body.html": "<!DOCTYPE html><p>{{ line }}</p>",
        }
    )
    with app.app_context():
        db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield app
        db.database.engine.dispose()


@pytest.mark.parametrize("length", [1, 300, 336, 1200])
def test_a_japanese_letter_of_any_length_arrives_as_written(mailing, sink, at, length):
    facts = {"title": f"架空の組合からのお知らせ{length}" + "あ" * 60, "line": LINE[:length]}
    with unit_of_work() as session:
        mail.post(session, Letter("t", "hana@example.jp", "ja", facts), at=at)
    assert jobs.sweep(at) == 1
    (message,) = sink.received
    assert message["Subject"] == facts["title"]
    assert message["Content-Language"] == "ja"
    assert message["Message-ID"].endswith("@example.jp>")
    assert message.get_body(("plain",)).get_content().strip() == facts["line"]
    assert facts["line"] in message.get_body(("html",)).get_content()


def test_a_server_that_is_away_loses_no_letter(mailing, sink, at, monkeypatch, caplog):
    def refuse(_connection):
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.CheckedConnection, "configure_host", refuse)
    with unit_of_work() as session:
        mail.post(session, Letter("t", "hana@example.jp", "ja", {"title": "t", "line": "l"}), at=at)
    assert jobs.sweep(at) == 0
    assert "ConnectionRefusedError" in caplog.text
    monkeypatch.undo()
    assert jobs.sweep(at + jobs.FIRST_PAUSE * 2) == 1
    assert len(sink.received) == 1


@pytest.mark.parametrize(
    "to", ["a@b.jp\nBcc: c@d.jp", "a@b.jp, c@d.jp", "a@b.jp\r\n\r\nbody", "<a@b.jp>", ""]
)
def test_a_letter_goes_to_one_address_and_adds_no_header(app_context, at, to):
    with pytest.raises(ValueError, match="one mail address"):
        mail.render(mail.Letter("accounts/mail/changed", to, "ja"), at=at)


@pytest.fixture
def impostor(tmp_path):
    """A mail server with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "impostor.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    handler = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, tls_context=context)
    controller.start()
    yield handler
    controller.stop()


def test_a_server_that_nobody_vouches_for_gets_no_letter(settings, impostor, connection, at):
    smtp = replace(settings.mail, host="127.0.0.1", port=impostor.port, tls=True)
    app = create_app(replace(settings, mail=smtp), wakener=NoQueue())
    with app.app_context():
        db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        with pytest.raises(ssl.SSLCertVerificationError), mail.CheckedConnection(app.extensions["mail"]):
            pytest.fail("the connection was made")
        db.database.engine.dispose()
    assert impostor.received == []
