"""Runs a trainer in this process, with two things that they lack: a line of progress for each thing that is logged,
and a save once a file is there that asks for it; all processes of a training see that file.

Usage: run_trainer.py TRAINER CONFIG --progress FILE --stop FILE [--go-on-in CHECKPOINTS]
"""

import argparse
import gc
import json
import os
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import torch
import transformers.trainer
from torch.nn.parallel import DistributedDataParallel
from transformers import TrainerCallback


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trainer", choices=PREPARED)
    parser.add_argument("config")
    parser.add_argument("--progress", required=True)
    parser.add_argument("--stop", required=True)
    parser.add_argument("--go-on-in", help="go on from the newest whole checkpoint in this folder, if there is one")
    given = parser.parse_args()
    resume = newest_checkpoint(Path(given.go_on_in)) if given.go_on_in else None
    train = PREPARED[given.trainer](given.config, resume)
    # Only now: ms-swift sets a list of its own when it is imported.
    watch = Watch(given.progress, given.stop)
    transformers.trainer.DEFAULT_CALLBACKS.append(watch)
    train()
    if watch.never_freed:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


class Watch(TrainerCallback):
    """Every trainer here builds on transformers' Trainer, which calls this."""

    def __init__(self, progress: str, stop: str) -> None:
        self.progress = progress
        self.stop = stop
        self.never_freed = []

    def on_train_begin(self, args, state, control, **_):
        self._write(state, {"event": "begin"})

    def on_step_end(self, args, state, control, **_):
        if self._asked(args.device) and state.global_step < state.max_steps:
            control.should_save = True
            control.should_training_stop = True

    def on_log(self, args, state, control, logs=None, **_):
        self._write(state, {"event": "log", **(logs or {})})

    def on_save(self, args, state, control, **_):
        self._write(state, {"event": "save"})

    def on_train_end(self, args, state, control, **_):
        self._write(state, {"event": "end"})
        # Freed on a CPU, its destructor waits for gloo's threads, of which one may wait for Python's lock: for ever.
        if torch.distributed.is_initialized() and torch.distributed.get_backend() == "gloo":
            self.never_freed = [each for each in gc.get_objects() if isinstance(each, DistributedDataParallel)]

    def _asked(self, device) -> bool:
        """All processes stop after the same step, or the next exchange between them would wait for ever."""
        asked = os.path.exists(self.stop)
        if not torch.distributed.is_initialized():
            return asked
        flag = torch.tensor([int(asked)], device=device)
        torch.distributed.all_reduce(flag, op=torch.distributed.ReduceOp.MAX)
        return bool(flag.item())

    def _write(self, state, what: dict) -> None:
        if not state.is_world_process_zero:
            return
        line = {"time": time.time(), "step": state.global_step, "max_steps": state.max_steps, **what}
        if torch.cuda.is_available():
            line["peak_memory_gb"] = torch.cuda.max_memory_allocated() / 1e9
        with open(self.progress, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=float) + "\n")


def newest_checkpoint(folder: Path) -> str | None:
    """A job that was put back into the queue finds out by itself how far it was."""
    found = {int(path.name.split("-")[1]): path for path in folder.glob("checkpoint-*") if is_whole(path)}
    return str(found[max(found)]) if found else None


def is_whole(checkpoint: Path) -> bool:
    """The state is written last; an archive that was cut off has no list of contents."""
    try:
        state = json.loads((checkpoint / "trainer_state.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    # DeepSpeed's lie in a folder of their own, one for each process.
    files = [*checkpoint.iterdir(), *checkpoint.glob("global_step*/*")]
    archives = [path for path in files if path.suffix in (".pt", ".pth", ".bin")]
    return checkpoint.name == f"checkpoint-{state['global_step']}" and all(map(zipfile.is_zipfile, archives))


def prepare_trl(config: str, resume: str | None) -> Callable[[], None]:
    from trl.scripts import sft

    # As `trl sft` does, and unlike `python -m trl.scripts.sft`: a key that it does not know is an error.
    arguments = ["--config", config] + (["--resume_from_checkpoint", resume] if resume else [])
    parsed = sft.make_parser().parse_args_and_config(arguments)
    return lambda: sft.main(*parsed)


def prepare_llamafactory(config: str, resume: str | None) -> Callable[[], None]:
    import yaml
    from llamafactory.train.tuner import run_exp

    with open(config, encoding="utf-8") as file:
        settings = yaml.safe_load(file)
    # Told nothing, it would take the newest checkpoint by itself, torn or not; transformers takes False for none.
    settings["resume_from_checkpoint"] = resume or settings.get("resume_from_checkpoint", False)
    return lambda: run_exp(settings)


def prepare_swift(config: str, resume: str | None) -> Callable[[], None]:
    from swift.cli.main import parse_yaml_args
    from swift.pipelines import sft_main

    arguments = [config]
    parse_yaml_args(arguments)
    arguments += ["--resume_from_checkpoint", resume] if resume else []
    # Parts of it read the command line for themselves.
    sys.argv[1:] = arguments
    return lambda: sft_main(arguments)


def prepare_axolotl(config: str, resume: str | None) -> Callable[[], None]:
    from axolotl.cli.train import do_cli

    sys.argv[1:] = []
    return lambda: do_cli(config, **({"resume_from_checkpoint": resume} if resume else {}))


PREPARED = {
    "trl": prepare_trl,
    "llamafactory": prepare_llamafactory,
    "swift": prepare_swift,
    "axolotl": prepare_axolotl,
}

if __name__ == "__main__":
    main()
