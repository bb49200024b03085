"""Tables of casework."""
