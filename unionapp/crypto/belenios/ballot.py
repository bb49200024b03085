"""Ballots: what is written, how strictly it is read, and the proofs that it holds one valid vote.

The server never makes one (`create_ballot` serves tests, the CLI and measurements); it checks them when cast.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from unionapp.crypto.belenios import answer as answers
from unionapp.crypto.belenios.answer import Answer
from unionapp.crypto.belenios.canonical import b64_digest, dump, fields, load_canonical, sequence
from unionapp.crypto.belenios.election import Election
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.proofs import Proof, RandomBelow, check_knowledge, prove_knowledge, read_proof

_FIELDS: Final = ("election_uuid", "election_hash", "credential", "answers", "signature")
_CREDENTIAL: Final = re.compile(rb'\{"election_uuid":"\w*","election_hash":"[\w+/]*","credential":"(\w*)"')


@dataclass(frozen=True)
class Ballot:
    """A ballot as read: well-formed and of this election; its proofs are `check_proofs`' affair."""

    credential: str
    answers: tuple[Answer, ...]
    signed_hash: str
    signature: Proof
    raw: bytes

    @property
    def tracker(self) -> str:
        """Return the 43 characters by which the voter finds this ballot on the board."""
        return b64_digest(self.raw)


def create_ballot(
    election: Election, secret: int, choices: Sequence[Sequence[int]], random_below: RandomBelow
) -> bytes:
    """Encrypt and sign a vote: per question one bit per slot, the blank bit first where blank is allowed.

    `secret` is `credentials.secret_of` the voting code. Raises InvalidObject for a vote against the rules.
    """
    if len(choices) != len(election.questions):
        raise InvalidObject(f"the vote needs choices for {len(election.questions)} questions")
    group = election.group
    credential = group.encode(group.base_power(secret))
    context = f"{election.fingerprint}|{credential}"
    written = [
        answers.create(group, election.public_key, context, (question, bits), random_below)
        for question, bits in zip(election.questions, choices, strict=True)
    ]
    unsigned = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": credential,
        "answers": written,
    }
    signed_hash = b64_digest(dump(unsigned))
    proof = prove_knowledge(group, f"sig|{signed_hash}|", secret, random_below)
    return dump({**unsigned, "signature": {"hash": signed_hash, "proof": proof.json()}})


def read_ballot(election: Election, raw: bytes) -> Ballot:
    """Read a ballot: this election, exact fields, canonical bytes, numbers in range. Raises InvalidObject."""
    uuid, fingerprint, credential, answered, signature = fields(load_canonical(raw), _FIELDS, "ballot")
    if uuid != election.uuid or fingerprint != election.fingerprint:
        raise InvalidObject("the ballot belongs to another election")
    if not isinstance(credential, str):
        raise InvalidObject("the credential is not a text")
    items = sequence(answered, len(election.questions), "answers")
    group = election.group
    read = tuple(
        answers.read(group, question, item) for question, item in zip(election.questions, items, strict=True)
    )
    signed_hash, proof = fields(signature, ("hash", "proof"), "signature")
    expected = b64_digest(raw.rpartition(b',"signature":')[0] + b"}")
    if signed_hash != expected:
        raise InvalidObject("the signature signs another content")
    return Ballot(credential, read, expected, read_proof(group, proof), raw)


def check_proofs(election: Election, ballot: Ballot) -> None:
    """Check the signature and that every answer is a valid vote. Raises InvalidObject."""
    group = election.group
    public = group.decode_form(ballot.credential)
    if not check_knowledge(group, f"sig|{ballot.signed_hash}|", public, ballot.signature):
        raise InvalidObject("the signature does not hold")
    context = f"{election.fingerprint}|{ballot.credential}"
    for number, (question, item) in enumerate(zip(election.questions, ballot.answers, strict=True), 1):
        try:
            answers.check(group, election.public_key, context, question, item)
        except InvalidObject as error:
            raise InvalidObject(f"answer {number}: {error}") from error


def check_ballot(election: Election, credentials: Container[str], raw: bytes) -> Ballot:
    """Check a ballot completely, as when it is cast, and return it. Raises InvalidObject.

    Whether the very same ballot was cast before is for the caller, who knows the box.
    """
    ballot = read_ballot(election, raw)
    if ballot.credential not in credentials:
        raise InvalidObject("the credential is not on the credential list")
    check_proofs(election, ballot)
    return ballot


def unread_credential(raw: bytes) -> str:
    """Return the credential of a ballot not read yet, to sort ballots by voter. Raises InvalidObject."""
    found = _CREDENTIAL.match(raw)
    if not found:
        raise InvalidObject("not a ballot in canonical form")
    return found[1].decode()
