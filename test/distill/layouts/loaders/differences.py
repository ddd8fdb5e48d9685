"""Tells where the tokens or the loss of a trainer differ from the official template's.

Files hold rows in the same order. A difference is the official text, an arrow and the trainer's text;
[[ ]] encloses what has a loss. Usage: differences.py MODEL JOBS, where JOBS is JSON:
[{"official", "trainer", "out"}]
"""

import json
import sys
from difflib import SequenceMatcher
from pathlib import Path

from tokenizers import Tokenizer


def main(model: str, jobs: str) -> None:
    tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
    for job in json.loads(jobs):
        expected = json.loads(Path(job["official"]).read_text("utf-8"))
        rows = json.loads(Path(job["trainer"]).read_text("utf-8"))
        found = {
            name: differences(tokenizer, want, got)
            for (name, want), got in zip(expected.items(), rows, strict=True)
        }
        Path(job["out"]).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


def differences(tokenizer, want: dict, got: dict) -> list[str]:
    old, new = marked(want), marked(got)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        f"{shown(tokenizer, old[a:b])} -> {shown(tokenizer, new[c:d])}"
        for operation, a, b, c, d in matcher.get_opcodes()
        if operation != "equal"
    ]


def marked(row: dict) -> list[tuple[int, bool]]:
    pairs = list(zip(row["input_ids"], row["labels"], strict=True))
    assert all(label in (token, -100) for token, label in pairs), "a label is neither its token nor ignored"
    return [(token, label != -100) for token, label in pairs]


def shown(tokenizer, tokens: list[tuple[int, bool]]) -> str:
    text = ""
    was_trained = False
    for token, is_trained in tokens:
        if is_trained != was_trained:
            text += "[[" if is_trained else "]]"
        text += tokenizer.decode([token], skip_special_tokens=False)
        was_trained = is_trained
    return json.dumps(text + ("]]" if was_trained else ""), ensure_ascii=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
