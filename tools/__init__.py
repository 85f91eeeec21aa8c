"""Helpers of development: the environment, a real server, a real browser, screenshots."""
