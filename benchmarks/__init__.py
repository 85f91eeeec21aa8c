"""Measurements: how long a reader waits, and how much of it is the database."""
