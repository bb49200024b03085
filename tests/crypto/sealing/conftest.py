"""Timing one example says nothing on a shared machine; the suite's own timeout catches what hangs."""

from hypothesis import settings

settings.register_profile("sealing", deadline=None)
settings.load_profile("sealing")
