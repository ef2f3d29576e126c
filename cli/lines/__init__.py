"""What services found, worded for a terminal."""
