"""Counts what an edition claims once more: SQL over the archived cells, by code that shares nothing with the figures."""
