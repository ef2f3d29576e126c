"""What a lock of tools holds that the lock of the program lacks: `python scripts/lock_tools.py RUN TOOLS` rewrites TOOLS.

Both are pinned against each other before (`make lock`), so whatever stands in both is the same version.
"""

import sys
from pathlib import Path


def entries(lock: str) -> dict[str, str]:
    """Each requirement with its marker (`name==1.0 ; marker`), and the lines it is written on, hashes included."""
    found: dict[str, str] = {}
    requirement = ""
    for line in lock.splitlines(keepends=True):
        if line.startswith("#"):
            continue
        if not line.startswith(" "):
            requirement = line.strip().removesuffix("\\").strip()
        found[requirement] = found.get(requirement, "") + line
    return found


def beyond(run: str, tools: str) -> str:
    """`tools` without what `run` pins for the same machines, under its own heading."""
    pinned = entries(run)
    heading = "".join(line for line in tools.splitlines(keepends=True) if line.startswith("#"))
    # A pin without a marker serves every machine, whatever marker the other one bears.
    kept = [
        lines
        for requirement, lines in entries(tools).items()
        if requirement not in pinned and requirement.split(" ;")[0] not in pinned
    ]
    return heading + "".join(kept)


if __name__ == "__main__":
    run_lock, tools_lock = (Path(name) for name in sys.argv[1:])
    tools_lock.write_text(beyond(run_lock.read_text("utf-8"), tools_lock.read_text("utf-8")), "utf-8")
