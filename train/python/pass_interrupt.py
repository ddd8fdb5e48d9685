"""Runs a training and turns SIGINT into a file that its processes look for: launchers such as torchrun give their
processes half a minute after a signal, and saving may take longer. Ends with 75 when the training was cut short so.
Slurm sends SIGTERM to every process of a job that it takes a node from: with GEM_TRAJ_SAVE_ON_TERM that is the same.

Usage: pass_interrupt.py STOP_FILE COMMAND...
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

CUT_SHORT = 75


def main(stop: Path, command: list[str]) -> int:
    stop.unlink(missing_ok=True)
    saving = [signal.SIGINT]
    if "GEM_TRAJ_SAVE_ON_TERM" in os.environ:
        saving.append(signal.SIGTERM)
    # The processes that are started leave alone what is ignored when they start.
    for each in saving:
        signal.signal(each, signal.SIG_IGN)
    training = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: training.terminate())
    for each in saving:
        signal.signal(each, lambda *_: stop.touch())
    status = training.wait()
    if status < 0:
        return 128 - status
    return CUT_SHORT if status == 0 and stop.exists() else status


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
