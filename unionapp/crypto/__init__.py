"""Cryptography as pure functions: bytes in, bytes or frozen dataclasses out, randomness given."""
