"""The work, one folder per subject; prints nothing, knows no door and no engine."""
