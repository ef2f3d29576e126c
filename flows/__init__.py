"""The DAG: one file per flow, the steps and their order; orchestration.py is the door of Prefect, and alone knows it."""
