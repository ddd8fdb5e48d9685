"""What both launchers share: the events file, who is to blame for a failure, and files that are written whole."""

import builtins
import contextlib
import json
import os
import threading


class EndpointFailed(Exception):
    """The endpoint gave no answer: the task is left for the next session and counts for nothing."""


class ModelFailed(Exception):
    """The model's own limit was reached: the task counts as wrong."""


class Events:
    """Appends one JSON object a line; gem-traj follows the file."""

    def __init__(self, path, patience):
        self.lock = threading.Lock()
        self.file = open(path, "a", encoding="utf-8", buffering=1)
        self.patience = patience
        self.failures_in_a_row = 0
        self.given_up = False

    def write(self, event, **fields):
        with self.lock:
            self.file.write(json.dumps({"event": event, **fields}) + "\n")

    def answered(self, task, **fields):
        self.failures_in_a_row = 0
        self.write("answered", task=task, **fields)

    def endpoint_failed(self, task, error):
        """Counts failures without an answer between them: a server that is gone is not asked 800 times."""
        if self.given_up:
            return
        self.write("endpoint_failed", task=task, error=str(error)[:2000])
        self.failures_in_a_row += 1
        if self.failures_in_a_row >= self.patience or getattr(error, "is_final", False):
            self.give_up()

    def give_up(self):
        self.given_up = True
        self.write("given_up")

    def check(self):
        if self.given_up:
            raise EndpointFailed("the endpoint was given up")


def blame(error):
    """The exception to raise for one of the OpenAI client's (litellm's are of its classes)."""
    text = str(error).lower()
    status = getattr(error, "status_code", None)
    signs = ("context length", "context_length", "context window", "maximum context", "maximum model length")
    if status in (400, 413) and any(sign in text for sign in signs):
        return ModelFailed(f"the conversation outgrew the model's context: {error}")
    failed = EndpointFailed(f"{type(error).__name__}: {error}")
    # A wrong key, URL or model stays wrong.
    failed.is_final = status in (401, 403, 404)
    return failed


@contextlib.contextmanager
def written_whole(path, mode="r", *args, **kwargs):
    """Stands in for open(): a file that is rewritten shows its old text or its new one, also after a kill."""
    if mode != "w":
        with builtins.open(path, mode, *args, **kwargs) as file:
            yield file
        return
    temporary = f"{path}.{os.getpid()}.{threading.get_ident()}.tmp"
    with builtins.open(temporary, mode, *args, **kwargs) as file:
        yield file
    os.replace(temporary, path)
