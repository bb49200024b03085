"""What a report costs in CPU time, beside the cost of one HPKE sealing measured in the same run.

Times on two machines do not compare; their ratio to a sealing on the same machine does.
"""

import secrets
import time
from collections.abc import Callable, Iterator

from unionapp.crypto import case_format, padding, receipt, sealed_box, stream
from unionapp.crypto.case_format import Attachment, MessageHeader, Payload

_HANDLERS = 3
_BLOCK_BYTES = 65_536


def measure_report(characters: int, attachment_bytes: int) -> dict[str, float]:
    """Seal one report as the server does without JavaScript; return CPU milliseconds and counts.

    The report has ``characters`` Japanese characters and, unless it is 0, one file of ``attachment_bytes``;
    its key is sealed to three handlers and the reporter. Members: ``cpu_ms`` for all, ``hpke_seal_ms`` for
    sealing 32 bytes once (mean of 50), ``hpke_seals`` = cpu_ms / hpke_seal_ms, ``stored_bytes``.
    Raises ValueError on a negative figure.
    """
    if characters < 0 or attachment_bytes < 0:
        raise ValueError("a report has no negative length")
    handlers = {f"handler-{n}": _random_public_key() for n in range(_HANDLERS)}
    seal_ms = _hpke_seal_ms(rounds=50)
    stored, cpu_ms = _timed(lambda: _seal_report(handlers, characters, attachment_bytes))
    return {
        "characters": characters,
        "attachment_bytes": attachment_bytes,
        "cpu_ms": cpu_ms,
        "hpke_seal_ms": seal_ms,
        "hpke_seals": cpu_ms / seal_ms,
        "stored_bytes": stored,
    }


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    start = time.process_time_ns()
    answer = work()
    return answer, (time.process_time_ns() - start) / 1e6


def _hpke_seal_ms(rounds: int) -> float:
    key, message = _random_public_key(), secrets.token_bytes(32)
    _, total = _timed(lambda: sum(len(sealed_box.seal(key, message, b"measure")) for _ in range(rounds)))
    return total / rounds


def _random_public_key() -> bytes:
    return sealed_box.public_key(secrets.token_bytes(sealed_box.KEY_BYTES))


def _seal_report(handlers: dict[str, bytes], characters: int, attachment_bytes: int) -> int:
    case, file_id = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
    report_key = secrets.token_bytes(case_format.REPORT_KEY_BYTES)
    reporter = receipt.derive(secrets.token_bytes(receipt.ENTROPY_BYTES))
    sealed_key = case_format.new_report(case, handlers, reporter.public_key, report_key=report_key)
    files = (Attachment(file_id, "cut-012.png", "image/png", attachment_bytes),) if attachment_bytes else ()
    message = case_format.seal_message(
        report_key,
        MessageHeader(case, 0, case_format.REPORTER),
        Payload("動" * characters, category="retake-without-pay", attachments=files),
        nonce=secrets.token_bytes(case_format.NONCE_BYTES),
    )
    stored = len(message) + sum(len(wrap.sealed) for wrap in sealed_key.wraps)
    return stored + (_seal_file(report_key, files[0]) if files else 0)


def _seal_file(report_key: bytes, file: Attachment) -> int:
    key = case_format.attachment_key(report_key, file.id)
    sealed = stream.encrypt(_padded(file.size), key, secrets.token_bytes(stream.PREFIX_BYTES))
    return sum(len(part) for part in sealed)


def _padded(size: int) -> Iterator[bytes]:
    block = bytes(_BLOCK_BYTES)
    for start in range(0, size, _BLOCK_BYTES):
        yield block[: size - start]
    yield padding.file_filler(size)
