"""Part of grievances: casework."""
