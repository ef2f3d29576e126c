"""From a file that arrives to its verdict and its answer; and what units are given to fill in."""
