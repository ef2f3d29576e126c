"""The house itself: is it sound, copied, brought back, brought up to date."""
