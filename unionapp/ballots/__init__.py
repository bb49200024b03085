"""Secret ballots that anyone can verify: drafted, opened, cast, closed, decrypted."""
