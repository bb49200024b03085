"""Part of grievances: intake."""
