"""Tables of bargaining."""
