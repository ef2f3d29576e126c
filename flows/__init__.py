"""The DAG: composes the rooms, reads the settings, speaks with the person at the keyboard and with Prefect."""
