"""What the official Qwen3 chat template makes of rows, by transformers: token ids, and the labels of a
loss on each assistant turn from behind its header to its <|im_end|>. Arguments are given as objects.
Usage: official.py MODEL JOBS, where JOBS is JSON: [{"rows", "out"}]
"""

import json
import sys
from pathlib import Path

from transformers import AutoTokenizer

HEADER = "<|im_start|>assistant\n"
END = "<|im_end|>"


def main(model: str, jobs: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(model)
    for job in json.loads(jobs):
        lines = Path(job["rows"]).read_text("utf-8").split("\n")
        rows = [json.loads(line) for line in lines if line]
        answers = {row["id"]: labelled(tokenizer, row) for row in rows}
        Path(job["out"]).write_text(json.dumps(answers), "utf-8")


def labelled(tokenizer, row: dict) -> dict:
    messages = [as_object(message) for message in row["messages"]]
    text = tokenizer.apply_chat_template(messages, tools=row["tools"] or None, tokenize=False)
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    spans = assistant_spans(text)
    labels = [
        token if any(start <= at < end for start, end in spans) else -100
        for token, (at, _) in zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
    ]
    return {"input_ids": encoded["input_ids"], "labels": labels}


def as_object(message: dict) -> dict:
    calls = [
        {**call, "function": {**call["function"], "arguments": json.loads(call["function"]["arguments"])}}
        for call in message.get("tool_calls", [])
    ]
    return {**message, "tool_calls": calls} if calls else message


def assistant_spans(text: str) -> list[tuple[int, int]]:
    spans = []
    at = text.find(HEADER)
    while at >= 0:
        start = at + len(HEADER)
        end = text.index(END, start) + len(END)
        spans.append((start, end))
        at = text.find(HEADER, end)
    return spans


if __name__ == "__main__":
    main(*sys.argv[1:])
