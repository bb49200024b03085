"""Casework works on the tables of intake; it has none of its own."""
