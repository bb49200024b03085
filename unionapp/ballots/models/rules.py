"""Decision rules as data: what the verified numbers decide. The cryptography knows nothing of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final


@dataclass(frozen=True)
class DecisionRule:
    """The first answer carries when its share of the base is beyond the threshold.

    ``base`` names what is counted as the whole: "yes_and_no" (all answers, blank ballots left out) or "cast"
    (blank ballots too). ``strict`` asks for more than the threshold, else the threshold itself is enough.
    """

    code: str
    base: str
    threshold: Fraction
    strict: bool


@dataclass(frozen=True)
class Decision:
    """What a rule made of the numbers: ``part`` of ``whole`` votes were for it."""

    rule: DecisionRule
    passed: bool
    part: int
    whole: int


RULES: Final[Mapping[str, DecisionRule]] = {
    rule.code: rule
    for rule in (
        DecisionRule("more_yes_than_no", "yes_and_no", Fraction(1, 2), strict=True),
        DecisionRule("majority_of_cast", "cast", Fraction(1, 2), strict=True),
    )
}


def decide(rule: DecisionRule, blank: int, answers: Sequence[int]) -> Decision:
    """Apply a rule to the counts of one question; ``answers`` begins with the one that may carry."""
    whole = sum(answers) + (blank if rule.base == "cast" else 0)
    needed = rule.threshold * whole
    passed = answers[0] > needed if rule.strict else answers[0] >= needed and whole > 0
    return Decision(rule, passed, answers[0], whole)
