"""Has ms-swift read and tokenise files, with its qwen3 template and its hermes agent template.

Usage: swift_loader.py MODEL JOBS, where JOBS is JSON: [{"file", "out"}]
"""

import json
import sys
from pathlib import Path

from swift.dataset import load_dataset
from swift.model import get_processor
from swift.template import get_template


def main(model: str, jobs: str) -> None:
    processor = get_processor(model, model_type="qwen3", use_hf=True)
    template = get_template(processor, template_type="qwen3", agent_template="hermes", max_length=8192)
    template.set_mode("train")
    for job in json.loads(jobs):
        dataset, _ = load_dataset([job["file"]], strict=True, load_from_cache_file=False)
        encoded = [template.encode(row) for row in dataset]
        rows = [{"input_ids": row["input_ids"], "labels": row["labels"]} for row in encoded]
        Path(job["out"]).write_text(json.dumps(rows), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
