"""The demo: one fictional union's whole story, on loopback, with a sign-in for each role."""
