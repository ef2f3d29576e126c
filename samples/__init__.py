"""Made-up months, marked as such on every sheet: for the demo, the tests and the benchmarks."""
