"""Has LLaMA-Factory read and tokenise datasets of its dataset_info.json, with its qwen3 template.

Usage: llamafactory_loader.py MODEL JOBS, where JOBS is JSON: [{"folder", "name", "out"}]
"""

import json
import sys
from pathlib import Path

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer


def main(model: str, jobs: str) -> None:
    for job in json.loads(jobs):
        model_args, data_args, training_args, _, _ = get_train_args(
            {
                "stage": "sft",
                "do_train": True,
                "model_name_or_path": model,
                "dataset_dir": job["folder"],
                "dataset": job["name"],
                "template": "qwen3",
                "cutoff_len": 8192,
                "output_dir": f"{job['out']}.run",
                "overwrite_cache": True,
                "use_cpu": True,
                "bf16": False,
                "finetuning_type": "full",
                "report_to": "none",
            }
        )
        module = load_tokenizer(model_args)
        template = get_template_and_fix_tokenizer(module["tokenizer"], data_args)
        data = get_dataset(template, model_args, data_args, training_args, stage="sft", **module)
        rows = [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in data["train_dataset"]]
        Path(job["out"]).write_text(json.dumps(rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
