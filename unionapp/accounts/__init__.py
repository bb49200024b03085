"""Signing in: passwords, sessions, links by mail. Nobody imports it; others see only the Actor."""
