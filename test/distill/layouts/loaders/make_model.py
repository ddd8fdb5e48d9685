"""Makes a folder that each trainer takes for a Qwen3: the real tokenizer, the official chat template
and weights of random numbers, some 5 MB. Usage: make_model.py TOKENIZER_FOLDER OUT_FOLDER
"""

import json
import shutil
import sys
from pathlib import Path

import trl
from transformers import Qwen3Config, Qwen3ForCausalLM, set_seed

VOCABULARY = 151936


def main(tokenizer: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(tokenizer / "tokenizer.json", out)
    settings = json.loads((tokenizer / "tokenizer_config.json").read_text("utf-8"))
    # The package's own template is an older one.
    settings.pop("chat_template", None)
    (out / "tokenizer_config.json").write_text(json.dumps(settings), "utf-8")
    shutil.copy(Path(trl.__file__).parent / "chat_templates" / "qwen3.jinja", out / "chat_template.jinja")
    set_seed(7)
    config = Qwen3Config(
        vocab_size=VOCABULARY,
        hidden_size=8,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=4,
        max_position_embeddings=8192,
        bos_token_id=None,
        eos_token_id=151645,
        pad_token_id=151643,
        tie_word_embeddings=True,
    )
    Qwen3ForCausalLM(config).save_pretrained(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
