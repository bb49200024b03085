"""Reads lists of people as other programs save them: CSV of every make, and XLSX.

A library of its own, pure: bytes come in, people and problems go out. It knows no database, no page and no
other part of the program; what becomes of the people is membership's and organising's affair.

Its words: a *table* is rows of cells as the file holds them, a *heading* names a column's meaning, a *person*
is a row read without an error, a *problem* says what is wrong in which cell and what to do about it.
Start at `people.read_people`; codes of work and of contract are in `codes`.
"""
