"""Work on received bytes in processes apart: what a file does to the code that opens it stops nobody else."""
