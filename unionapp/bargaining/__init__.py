"""Agreements drafted in two languages: units, versions, redlines, merges, sealed texts.

Words: an *agreement* (労働協約) is drafted on *lines*. The union's working line is for negotiators only;
its tabled line holds what was sealed, for every member. A line grows by *changesets*: who, when, what, and
the hash of the changeset before; the database refuses to change one. A changeset moves *units* (条, 項, 号),
which keep their identity for ever, or gives them new *texts*, one for each language. Numbers are computed.

A *pairing* says that somebody checked that a Japanese and an English text say the same; when either
changes, the translation is *stale* (訳文要確認). *Coverage* says how strong an article is for one of the
24 codes of the library; people say so, the program never guesses. A *sealed text* is the canonical JSON of
a version and its SHA-256: the text that a ratification ballot names.

Who may: holders of agreement:draft see and write the working line; for others it does not exist. Holders of
agreement:read see sealed texts.

Saving: the writer says which version they saw. What others changed meanwhile is merged token by token and
shown; what clashes is never settled in silence.
"""
