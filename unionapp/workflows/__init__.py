"""Stories that cross two features, one file each."""
