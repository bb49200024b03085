"""unionapp: the software a union of animators runs its whole life on.

One folder per feature (membership, grievances, ballots, bargaining, accounts), a kernel they stand on, and
pure libraries below it (crypto, redline, roster). docs/architecture.md draws the house.
"""
