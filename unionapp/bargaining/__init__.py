"""Agreements drafted in two languages: units, versions, redlines, merges, sealed texts."""
