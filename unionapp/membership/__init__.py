"""Who belongs to the union, in which studio, since when, holding which office: the one domain all may ask.

Words: an *application* is made by a person, confirmed by a mailed link, and decided by a membership officer
(submitted, confirmed, then admitted, refused or withdrawn). A *member* is active, suspended or has left. An
*office* is what a member does for the union; the table in access.py says which rights it carries. An *import*
is a roll from another program: staged, looked at, then applied in one transaction, and undone if need be.

Personal facts (names, mail, telephone, studio, work) are the same for applicants and members:
models/people.py.
The comparison keys beside them only serve to find and to compare; pages never show them.
"""
