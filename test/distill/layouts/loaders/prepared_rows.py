"""Prints the rows that `axolotl preprocess` left in a folder. Usage: prepared_rows.py FOLDER OUT.json"""

import json
import sys
from pathlib import Path

from datasets import load_from_disk


def main(folder: str, out: str) -> None:
    (prepared,) = (path.parent for path in Path(folder).glob("*/dataset_info.json"))
    rows = [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in load_from_disk(prepared)]
    Path(out).write_text(json.dumps(rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
