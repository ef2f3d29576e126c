"""From accepted rows to figures."""
