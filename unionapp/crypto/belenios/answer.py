"""The answer to one homomorphic question: encrypted bits, and proofs that they obey it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unionapp.crypto.belenios.canonical import fields, sequence
from unionapp.crypto.belenios.ciphertext import Ciphertext, encrypt, make_ciphertext, read_ballot_ciphertext
from unionapp.crypto.belenios.election import Question
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import Element, Group
from unionapp.crypto.belenios.proofs import (
    Proof,
    RandomBelow,
    Statement,
    Witness,
    check_one_of,
    prove_one_of,
    read_proof,
)


@dataclass(frozen=True)
class Answer:
    """The ciphertexts of an answer (blank first where allowed) and their proofs."""

    choices: tuple[Ciphertext, ...]
    individual: tuple[tuple[Proof, ...], ...]
    overall: tuple[Proof, ...]
    blank: tuple[Proof, ...]  # empty when the question has no blank


def create(
    group: Group,
    public_key: Element,
    context: str,
    vote: tuple[Question, Sequence[int]],
    random_below: RandomBelow,
) -> dict[str, Any]:
    """Encrypt one answer and prove it valid; `context` is `fingerprint|credential`. Raises InvalidObject."""
    question, bits = vote
    _obey(question, bits)
    nonces = [random_below(group.q) for _ in bits]
    choices = [encrypt(group, public_key, bit, nonce) for bit, nonce in zip(bits, nonces, strict=True)]

    def prove(prefix: str, witnesses: Sequence[Witness]) -> list[dict[str, str]]:
        return [proof.json() for proof in prove_one_of(group, public_key, prefix, witnesses, random_below)]

    individual = [
        prove(_interval(context, choice), [Witness(nonce, bit), Witness(nonce, bit - 1)])
        for choice, bit, nonce in zip(choices, bits, nonces, strict=True)
    ]
    whole = f"{context}|{','.join(choice.text for choice in choices)}"
    written = {"choices": [choice.json() for choice in choices], "individual_proofs": individual}
    chosen, nonce = sum(bits[question.blank :]), sum(nonces[question.blank :])
    counts = [Witness(nonce, chosen - count) for count in range(question.minimum, question.maximum + 1)]
    if not question.blank:
        total = _total(group, choices)
        return {**written, "overall_proof": prove(_interval(whole, total), counts)}
    overall = prove(f"bproof1|{whole}|", [Witness(nonces[0], bits[0] - 1), *counts])
    blank = prove(f"bproof0|{whole}|", [Witness(nonces[0], bits[0]), Witness(nonce, chosen)])
    return {**written, "overall_proof": overall, "blank_proof": blank}


def read(group: Group, question: Question, value: Any) -> Answer:
    """Read one answer: exact fields and lengths, every number in range. Raises InvalidObject."""
    names: tuple[str, ...] = ("choices", "individual_proofs", "overall_proof")
    if question.blank:
        names = (*names, "blank_proof")
    choices, individual, overall, *blank = fields(value, names, "answer")
    disjuncts = question.maximum - question.minimum + 1 + question.blank
    return Answer(
        tuple(read_ballot_ciphertext(group, item) for item in sequence(choices, question.slots, "choices")),
        tuple(
            _read_proofs(group, item, 2, "individual proof")
            for item in sequence(individual, question.slots, "individual proofs")
        ),
        _read_proofs(group, overall, disjuncts, "overall proof"),
        _read_proofs(group, blank[0], 2, "blank proof") if question.blank else (),
    )


def check(group: Group, public_key: Element, context: str, question: Question, answer: Answer) -> None:
    """Check every proof of an answer as read. Raises InvalidObject naming the proof that does not hold."""
    for number, (choice, proofs) in enumerate(zip(answer.choices, answer.individual, strict=True), 1):
        bit = [Statement(choice.alpha, choice.beta, message) for message in (0, 1)]
        if not check_one_of(group, public_key, _interval(context, choice), bit, proofs):
            raise InvalidObject(f"individual proof {number} does not hold: a choice is neither 0 nor 1")
    whole = f"{context}|{','.join(choice.text for choice in answer.choices)}"
    total = _total(group, answer.choices[question.blank :])
    counts = [
        Statement(total.alpha, total.beta, count) for count in range(question.minimum, question.maximum + 1)
    ]
    if not question.blank:
        prefix = _interval(whole, total)
    else:
        mark = answer.choices[0]
        counts.insert(0, Statement(mark.alpha, mark.beta, 1))
        prefix = f"bproof1|{whole}|"
        either = [Statement(mark.alpha, mark.beta, 0), Statement(total.alpha, total.beta, 0)]
        if not check_one_of(group, public_key, f"bproof0|{whole}|", either, answer.blank):
            raise InvalidObject("the blank proof does not hold: blank is combined with choices")
    if not check_one_of(group, public_key, prefix, counts, answer.overall):
        raise InvalidObject("the overall proof does not hold: too many or too few choices")


def _obey(question: Question, bits: Sequence[int]) -> None:
    if len(bits) != question.slots or any(bit not in (0, 1) for bit in bits):
        raise InvalidObject(f"a vote on this question is {question.slots} bits")
    chosen = sum(bits[question.blank :])
    if question.blank and bits[0]:
        if chosen:
            raise InvalidObject("a blank vote chooses nothing else")
    elif not question.minimum <= chosen <= question.maximum:
        raise InvalidObject(f"choose from {question.minimum} to {question.maximum} answers")


def _interval(context: str, choice: Ciphertext) -> str:
    return f"prove|{context}|{choice.text}|"


def _total(group: Group, choices: Sequence[Ciphertext]) -> Ciphertext:
    if len(choices) == 1:
        return choices[0]
    alpha = group.product(choice.alpha for choice in choices)
    return make_ciphertext(group, alpha, group.product(choice.beta for choice in choices))


def _read_proofs(group: Group, value: Any, length: int, what: str) -> tuple[Proof, ...]:
    return tuple(read_proof(group, item) for item in sequence(value, length, what))
