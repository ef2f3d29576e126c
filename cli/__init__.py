"""The door of the terminal: arguments in, Vietnamese lines out; alone knows Typer and rich."""
