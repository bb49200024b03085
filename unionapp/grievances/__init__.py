"""Grievances: anonymous reports (intake, on an origin of its own) and the work on them (casework)."""
