"""Tables of ballots."""
