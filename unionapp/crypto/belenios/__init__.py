"""Belenios elections, crypto version 1: ballots, trustees, the archive, and its strict verifier.

Everything here is a function of bytes, whole numbers and small frozen dataclasses; randomness is an argument.
Upstream's specification: https://www.belenios.org/specification.pdf.
"""
