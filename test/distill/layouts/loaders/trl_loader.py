"""Has TRL's SFTTrainer read and tokenise dataset folders; a folder named arrow was saved to disk.

Usage: trl_loader.py MODEL JOBS, where JOBS is JSON: [{"folder", "task", "out"}]
"""

import json
import sys
from pathlib import Path

from datasets import load_dataset, load_from_disk
from trl import SFTConfig, SFTTrainer


def main(model: str, jobs: str) -> None:
    for job in json.loads(jobs):
        folder = Path(job["folder"])
        dataset = load_from_disk(folder) if folder.name == "arrow" else load_dataset(str(folder))
        config = SFTConfig(
            output_dir=f"{job['out']}.run",
            use_cpu=True,
            bf16=False,
            report_to=[],
            max_length=None,
            assistant_only_loss=job["task"] == "agent",
        )
        trainer = SFTTrainer(model=model, args=config, train_dataset=dataset["train"])
        rows = [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in trainer.train_dataset]
        Path(job["out"]).write_text(json.dumps(rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
