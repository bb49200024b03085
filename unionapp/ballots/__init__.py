"""Secret ballots that anyone can verify: drafted, opened, cast, closed, decrypted.

A ballot is a Belenios election (crypto version 1), and its archive is the election. Words: the *paper* is
what is asked, with the hash of the text voted on; the *roll* is who may vote; a *voting code* is a voter's
secret, of which the server keeps only the public half, the *credential*; the *box* is the archive as rows; a
*tracker* is the hash of one encrypted ballot; a *trustee* holds a key without which nothing is decrypted; the
*board* is where everybody looks things up.

States: draft, keys (trustees make theirs), opening (codes are being made), open, closed (the encrypted tally
is being made), decrypting (trustees add their parts), checking (the result is computed and the whole archive
verified), finished; cancelled, with a reason, from any state before checking.

The box and the roll know nothing of each other: no table, key, order or time ties a ballot to a member.
"""
