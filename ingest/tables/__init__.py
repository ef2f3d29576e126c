"""The tables people edit, read and checked."""
