"""Intake: somebody who stays unknown reports, and comes back with twelve words.

Words: a *case* is one report and all that follows; its *label* is message 0 (category and language), so that
an inbox can be sorted without opening the report; message 1 is the report. The *receipt words* open the
*mailbox*: reading, writing again, deleting. A *handler key* is a case worker's public key; a *wrap* is the
case's key sealed to one reader. Deleting a case deletes its wraps: whatever copy is left cannot be read.

No address, browser, account, order or time finer than a day is kept. This package knows nobody's identity
(import-linter), sets no cookie, and writes no audit events, whose times are exact. Without script the server
sees the text while it seals it, in memory only; every page says so.
"""
