"""Signing in: passwords, sessions, links by mail. Nobody imports it; others see only the Actor.

An account belongs to a member and begins with the first password, set through a link that came with the
admission. A session is a row: it can be listed, it ends by idleness, by age, by sign-out or from afar. Every
question about an address gets the same answer, whether the union knows it or not.
"""
