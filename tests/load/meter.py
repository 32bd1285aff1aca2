"""Processor time of a process and all below it, as Linux counts it."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")


def processor_seconds(root: int) -> float:
    """User and system time of ``root`` and its descendants since they began. The dead are in their parents' figures,
    which is where they go once they are waited for."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    ticks: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()  # the name before it may hold anything
        except (FileNotFoundError, ProcessLookupError):
            continue
        pid = int(path.parent.name)
        children[int(fields[1])].append(pid)
        ticks[pid] = sum(int(field) for field in fields[11:15])  # utime, stime, and both of the children waited for
    total, family = 0, [root]
    while family:
        pid = family.pop()
        total += ticks[pid]
        family += children[pid]
    return total * TICK


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
