"""What leaves by mail, once per recipient, and what is noticed when it does not."""
