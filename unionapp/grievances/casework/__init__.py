"""Casework: case workers read and answer reports that only they and the reporter can open.

Everything is unlocked in the case worker's browser (static/js/casework): the server hands out ciphertext,
takes ciphertext back, and never sees a passphrase or a text. A case worker sees the cases that are sealed to
their present key; for everybody else a case does not exist.

States: new -> acknowledged -> in work -> closed (CASE_MOVES in intake.models); a reporter who writes to a
closed case opens it again. Whatever a case worker does to a case is an audit event, without contents.
"""
