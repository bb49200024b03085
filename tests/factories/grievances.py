"""Case workers with keys, and reports, for tests. Bundles are locked at a cost that is cheap on purpose."""

import secrets
from datetime import date

from tests.factories.membership import actor_of, make_member
from unionapp.crypto import case_format, handler_keys, receipt
from unionapp.crypto.case_format import MessageHeader, Payload
from unionapp.crypto.handler_keys import Lock
from unionapp.crypto.passphrase import BROWSER_COST
from unionapp.grievances.casework.operations import Answer
from unionapp.grievances.intake import operations
from unionapp.grievances.intake.box import Uploads
from unionapp.grievances.intake.models import Category, HandlerKey
from unionapp.grievances.intake.operations import Report, SentFile
from unionapp.grievances.intake.queries import mailbox
from unionapp.membership.models import Office

PASSPHRASE = "架空の長い合言葉 for tests"


class Worker:
    """A case worker as a test needs one: the member, the actor, the private keys, the published key."""

    def __init__(self, member, keys, key):
        self.member = member
        self.actor = actor_of(member, Office.CASE_WORKER)
        self.keys = keys
        self.key = key


def make_worker(session, public_name="相談担当A", **changes):
    """Add a case worker with a published key."""
    member = make_member(session, offices=[Office.CASE_WORKER], **changes)
    keys = handler_keys.keys_from(secrets.token_bytes(64))
    key = HandlerKey(
        member_id=member.id,
        handler=secrets.token_urlsafe(12),
        public_name=public_name,
        public_key=keys.public_key,
        verify_key=keys.verify_key,
        bundle="{}",
        published_on=date(2026, 1, 5),
    )
    session.add(key)
    session.flush()
    return Worker(member, keys, key)


def make_workers(session, count=2):
    """Add several case workers."""
    return [make_worker(session, f"相談担当{letter}") for letter in "ABCDEFG"[:count]]


def make_bundle(handler, passphrase=PASSPHRASE, cost=BROWSER_COST):
    """Make and lock fresh keys as a browser does; return them with the bundle's JSON."""
    keys = handler_keys.keys_from(secrets.token_bytes(64))
    lock = Lock(passphrase, secrets.token_bytes(16), secrets.token_bytes(24), cost)
    return keys, handler_keys.wrap(handler, keys, lock).to_json()


def make_report(**changes):
    """Return what somebody reports."""
    return Report(
        **{"category": Category.RETAKE, "language": "ja", "text": "リテイク料が払われない。"} | changes
    )


def make_case(session, folder, *, at, entropy=None, files=(), **changes):
    """Receive a report; return its mailbox and the words' entropy. ``files`` are (name, content) pairs."""
    entropy = entropy or secrets.token_bytes(receipt.ENTROPY_BYTES)
    uploads = Uploads(folder)
    sent = [send(uploads, name, content) for name, content in files]
    operations.receive(session, make_report(files=sent, **changes), uploads, entropy=entropy, at=at)
    session.flush()
    return mailbox(session, entropy), entropy


def send(uploads, name, content, mimetype="application/octet-stream"):
    """Upload a file as a request does."""
    upload = uploads.open()
    upload.write(content)
    upload.seek(0)
    return SentFile(upload, name, mimetype)


def multipart(fields, files=(), name="files"):
    """Return a request's body and type, without the test client's own temporary files."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields
    ]
    for file_name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(head.encode() + b"Content-Type: text/plain\r\n\r\n" + content + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def answer_of(worker, mailbox, text, **changes):
    """Seal and sign an answer as a case worker's browser does."""
    case = mailbox.case
    header = MessageHeader(case.sealed_id, len(case.messages), worker.key.handler)
    nonce = secrets.token_bytes(24)
    sealed = case_format.seal_message(mailbox.report_key, header, Payload(text), nonce=nonce)
    signature = case_format.sign_message(worker.keys.signing_seed, header, sealed)
    return Answer(**{"seq": header.seq, "sealed": sealed, "signature": signature} | changes)
