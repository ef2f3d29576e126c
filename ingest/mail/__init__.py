"""One mail as data: who sent it, what it carries, what its server says of it. No network, no disk."""
