"""Counts what an edition claims once more: SQL over the archived cells, by code that shares nothing with the figures.

`scratch` fills a database in memory (`register`, `ledger`, `cells` with `typed`); `measures` (by `definitions`), `states`
and `ground` ask it, and `check` holds every claim against the answers (`sums`, `outcomes`, `members`, `ranks`, `bridge`, `words`).
"""
