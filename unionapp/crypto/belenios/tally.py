"""The encrypted tally: for every slot the product of the counted ciphertexts, which encrypts the sum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from unionapp.crypto.belenios.ballot import Ballot
from unionapp.crypto.belenios.canonical import dump, hex_digest
from unionapp.crypto.belenios.ciphertext import Ciphertext, make_ciphertext
from unionapp.crypto.belenios.election import Election
from unionapp.crypto.belenios.groups import Group

Sums = tuple[tuple[Ciphertext, ...], ...]  # per question, per slot


@dataclass(frozen=True)
class Tally:
    """The sums and how many ballots they hold."""

    sums: Sums
    counted: int

    @cached_property
    def raw(self) -> bytes:
        """Return the encrypted tally as the archive holds it."""
        return dump([[item.json() for item in slots] for slots in self.sums])

    @cached_property
    def sized_raw(self) -> bytes:
        """Return the object that names the tally with its figures; every ballot weighs 1."""
        return dump(
            {
                "num_tallied": self.counted,
                "total_weight": self.counted,
                "encrypted_tally": hex_digest(self.raw),
            },
        )


def empty_tally(election: Election) -> Tally:
    """Return the tally of no ballot: every sum is the identity."""
    one = election.group.identity
    nothing = make_ciphertext(election.group, one, one)
    return Tally(tuple((nothing,) * question.slots for question in election.questions), 0)


def sum_ballots(election: Election, ballots: Iterable[Ballot]) -> Tally:
    """Add up ballots that have been checked, each of another voter."""
    votes = [tuple(answer.choices for answer in ballot.answers) for ballot in ballots]
    return Tally(_pointwise(election, votes), len(votes))


def join_tallies(election: Election, tallies: Sequence[Tally]) -> Tally:
    """Add up partial tallies of disjoint voters."""
    sums = _pointwise(election, [tally.sums for tally in tallies if tally.counted])
    return Tally(sums, sum(tally.counted for tally in tallies))


def last_of_each(credentials: Mapping[int, str]) -> frozenset[int]:
    """Return the heights that count, given each height's credential: later ballots replace earlier ones."""
    last = {credential: height for height, credential in sorted(credentials.items())}
    return frozenset(last.values())


def _pointwise(election: Election, votes: Sequence[Sums]) -> Sums:
    if not votes:
        return empty_tally(election).sums
    return tuple(
        tuple(_multiplied(election.group, column) for column in zip(*slots, strict=True))
        for slots in zip(*votes, strict=True)
    )


def _multiplied(group: Group, column: Sequence[Ciphertext]) -> Ciphertext:
    if len(column) == 1:
        return column[0]
    alpha = group.product(item.alpha for item in column)
    return make_ciphertext(group, alpha, group.product(item.beta for item in column))
