"""Answers about what is kept; only reads."""
