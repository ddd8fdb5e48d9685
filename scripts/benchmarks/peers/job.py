"""What the peers' adapters share: the job as they are given it, and how they say what became of it.

    python ADAPTER.py URL ROWS CONCURRENCY FOLDER

asks each of ROWS questions of 2 KB once, at most CONCURRENCY at a time, keeps what it needs in FOLDER, goes on there
when it is started again (where the peer can), and ends with a line {"rows": N}, N the rows that have an answer.
"""

import json
import sys
from dataclasses import dataclass

FILLER = "The clerk notes the number of the form and the day on which it came in. " * 27
MODEL = "loopback"


@dataclass
class Job:
    url: str
    rows: int
    concurrency: int
    folder: str

    @property
    def prompts(self) -> list[str]:
        return [f"Row {row}. {FILLER}" for row in range(self.rows)]


def read_job() -> Job:
    url, rows, concurrency, folder = sys.argv[1:5]
    return Job(url, int(rows), int(concurrency), folder)


def end(answered: int) -> None:
    """Says how many rows have an answer; the last thing on the standard output."""
    print(f"\n{json.dumps({'rows': answered})}", flush=True)


def stand_in_encoding() -> None:
    """Gives tiktoken an encoding of single bytes under the name cl100k_base.

    tiktoken downloads its vocabulary and checks its hash, which cannot be done offline. Its registry is where it
    keeps encodings that were made before; the peers only count tokens with it, to limit a rate that is set far above
    what the job needs.
    """
    import tiktoken
    from tiktoken import registry

    registry.ENCODINGS["cl100k_base"] = tiktoken.Encoding(
        name="cl100k_base",
        pat_str=r"\w+|\W",
        mergeable_ranks={bytes([byte]): byte for byte in range(256)},
        special_tokens={},
    )
