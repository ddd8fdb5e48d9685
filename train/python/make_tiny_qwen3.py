"""Makes a Qwen3 of random weights, half a megabyte, that every trainer takes for a Qwen3 and trains in seconds.
It learns nothing of use: it is there to try trainers and model servers. Usage: make_tiny_qwen3.py FOLDER
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM, set_seed

CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# In Qwen3's vocabulary these are single tokens too, and text.
MARKS = ["<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>"]

SAMPLES = [
    "<system>You help members of a library. A book may be renewed once; never twice.</system>",
    '<assistant><func>{"name": "find_loan", "arguments": {"member_id": "M-17", "title": "Atlas"}}</func></assistant>',
    '<tool>{"success": true, "data": {"loan_id": "L-204", "due": "2026-03-09", "renewals": 0}}</tool>',
    '{"type": "function", "function": {"name": "renew_loan", "description": "Renews a loan by its id.", '
    '"parameters": {"type": "object", "properties": {"loan_id": {"type": "string"}}, "required": ["loan_id"]}}}',
]

# Where TRL's copy of the official template is not installed: trainers other than TRL bring their own.
PLAIN_TEMPLATE = """\
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% endif -%}
"""


def main(folder: str) -> None:
    set_seed(7)
    tokenizer = make_tokenizer()
    tokenizer.save_pretrained(folder)
    make_model(tokenizer).save_pretrained(folder)


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level BPE trained on the samples: any text can be encoded."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=768, special_tokens=CONTROL, initial_alphabet=alphabet, show_progress=False
    )
    bpe.train_from_iterator(SAMPLES, trainer)
    bpe.add_tokens([AddedToken(mark, normalized=False) for mark in MARKS])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )
    tokenizer.chat_template = chat_template()
    return tokenizer


def chat_template() -> str:
    trl = find_spec("trl")
    if trl is None or trl.origin is None:
        return PLAIN_TEMPLATE
    official = Path(trl.origin).parent / "chat_templates" / "qwen3.jinja"
    return official.read_text("utf-8") if official.exists() else PLAIN_TEMPLATE


def make_model(tokenizer: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=32768,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        tie_word_embeddings=False,
    )
    model = Qwen3ForCausalLM(config)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    return model


if __name__ == "__main__":
    main(sys.argv[1])
