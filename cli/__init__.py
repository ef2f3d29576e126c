"""The door of the terminal: arguments in, Vietnamese lines out; alone knows Typer and rich."""

import os

# To the allocator of Polars, which reads it once, when it is loaded: memory that a batch took is given back after it.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:50,muzzy_decay_ms:0")
