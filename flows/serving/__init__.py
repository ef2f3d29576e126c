"""How Prefect is kept running: its server, its workers on one machine or several, and who looks after them."""
