"""Grievances: anonymous reports (intake, on an origin of its own) and the work on them (casework).

Contents are sealed to the case workers' keys and to the reporter's twelve words (crypto.case_format); this
program's database, files, letters and logs hold ciphertext, and days instead of times.
"""
