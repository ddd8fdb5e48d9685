"""Runs a command and writes what it and all its descendants used: python measured.py USAGE.json COMMAND...

CPU seconds are those of the processes that were waited for. The peak is the higher of the largest process's and of
the sums over all processes, sampled, in which memory that several share counts once (PSS). The command's exit status
is passed on.
"""

import json
import os
import resource
import subprocess
import sys
import time

SAMPLE_SECONDS = 0.25


def main() -> int:
    usage_path, *command = sys.argv[1:]
    begun, start = time.time(), time.monotonic()
    child = subprocess.Popen(command)
    highest = 0
    while child.poll() is None:
        highest = max(highest, sum(map(proportional_kib, family(child.pid))))
        time.sleep(SAMPLE_SECONDS)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    usage = {
        "begun": begun,
        "wall": time.monotonic() - start,
        "cpu": used.ru_utime + used.ru_stime,
        "rss": max(highest, used.ru_maxrss) / 1024,
    }
    with open(usage_path, "w", encoding="utf-8") as file:
        json.dump(usage, file)
    return child.returncode


def family(root: int) -> list[int]:
    """A process and all its descendants."""
    found = [root]
    for process in found:
        try:
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
                    found.extend(map(int, file.read().split()))
        except OSError:
            continue
    return found


def proportional_kib(process: int) -> int:
    try:
        with open(f"/proc/{process}/smaps_rollup", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("Pss:")), 0)
    except OSError:
        return 0


sys.exit(main())
