"""Has `datasets` open folders and files, and writes their first split's rows, or why it could not.

A small chunk makes its JSON reader take the types of the first rows, as with large files.
Usage: datasets_rows.py CACHE JOBS, where JOBS is JSON:
[{"open": "folder" | "disk" | "json" | "parquet", "path", "chunk" (optional), "out"}]
"""

import json
import os
import sys
from pathlib import Path

# Not needed here, and slow to import.
os.environ["USE_TORCH"] = "0"

from datasets import load_dataset, load_from_disk


def main(cache: str, jobs: str) -> None:
    for job in json.loads(jobs):
        try:
            answer = {"rows": list(opened(cache, job)["train"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        Path(job["out"]).write_text(json.dumps(answer, default=str), "utf-8")


def opened(cache: str, job: dict):
    if job["open"] == "disk":
        return load_from_disk(job["path"])
    chunk = {"chunksize": job["chunk"]} if "chunk" in job else {}
    if job["open"] == "folder":
        return load_dataset(job["path"], cache_dir=cache, **chunk)
    return load_dataset(job["open"], data_files={"train": job["path"]}, cache_dir=cache, **chunk)


if __name__ == "__main__":
    main(*sys.argv[1:])
