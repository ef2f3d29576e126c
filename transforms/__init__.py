"""Pure Polars: what the cells mean, and what the figures are. No files, no clock, no settings."""
