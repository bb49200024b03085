"""The demo's case workers' keys and a few fictional reports, sealed as real ones are."""

import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from unionapp.config import Settings
from unionapp.crypto import handler_keys, receipt
from unionapp.crypto.handler_keys import Lock
from unionapp.crypto.passphrase import BROWSER_COST
from unionapp.demo.people import actor_of
from unionapp.grievances.casework.operations import publish_handler_key
from unionapp.grievances.intake import operations
from unionapp.grievances.intake.box import Uploads
from unionapp.grievances.intake.models import Category
from unionapp.grievances.intake.operations import Report

PASSPHRASES = {
    "case1@example.jp": ("相談担当 つばさ", "夜明けまでに動画を三百枚"),
    "case2@example.jp": ("相談担当 しずく", "撮影台の上に雪が降る"),
}
REPORTS = (
    (
        Category.RETAKE,
        "ja",
        (
            "第8話の原画を3回描き直しましたが、2回目からの分は支払えないと言われました。"
            "指示は演出の好みの変更で、私の間違いではありません。発注書にはリテイクの扱いが書かれていません。"
        ),
    ),
    (
        Category.AI_USE,
        "ja",
        (
            "自分の描いた動画が、外部の生成AIの学習に渡されていたようです。"
            "納品フォルダーに学習用という名前の複製がありました。同意を求められたことは一度もありません。"
        ),
    ),
    (
        Category.TERMS,
        "en",
        (
            "I have worked on background art for two months without any written terms. "
            "When I asked for them, I was told that nobody here gets any."
        ),
    ),
)


def take_reports(session: Session, at: datetime) -> dict[str, str]:
    """Publish two case workers' keys, receive the reports, and return what opens them."""
    settings: Settings = current_app.extensions["unionapp_settings"]
    for email, (public_name, passphrase) in PASSPHRASES.items():
        bundle = _bundle(passphrase)
        publish_handler_key(session, bundle, public_name=public_name, actor=actor_of(session, email), at=at)
    words = ""
    for category, language, text in REPORTS:
        entropy = secrets.token_bytes(receipt.ENTROPY_BYTES)
        report = Report(category, language, text)
        operations.receive(session, report, Uploads(settings.attachments_dir), entropy=entropy, at=at)
        words = words or " ".join(receipt.words(entropy, receipt.Language.JAPANESE))
    told = {f"passphrase of {email}": passphrase for email, (_name, passphrase) in PASSPHRASES.items()}
    return {**told, "receipt words of one report": words}


def _bundle(passphrase: str) -> str:
    keys = handler_keys.keys_from(secrets.token_bytes(64))
    lock = Lock(passphrase, secrets.token_bytes(16), secrets.token_bytes(24), BROWSER_COST)
    return handler_keys.wrap(secrets.token_urlsafe(12), keys, lock).to_json()
