"""Trains a model of random weights for some steps on random tokens and prints, as a line of JSON, what that took.
What goes wrong is printed the same way, as `error`. Usage: gpu.py SETTING, where SETTING is JSON that gpu.ts writes
"""

import json
import resource
import sys
import time

RANK = 32
PIECE = 1024


def main(setting: dict) -> None:
    try:
        print(json.dumps(measured(setting)))
    except Exception as error:
        print(json.dumps({"error": reason(error)}))


def reason(error: Exception) -> str:
    if type(error).__name__ == "OutOfMemoryError":
        return "out of memory"
    lines = str(error).strip().split("\n")
    return f"{type(error).__name__}: {lines[0][:160]}"


def measured(setting: dict) -> dict:
    import torch
    import transformers

    transformers.set_seed(7)
    device = torch.device(setting["device"])
    model = make_model(setting, device)
    rows = make_rows(setting, device)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=1e-5, fused=device.type == "cuda")
    for _ in range(setting["warmup"]):
        step(model, optimiser, rows, setting)
    wait_for(device)
    begin = time.perf_counter()
    for _ in range(setting["steps"]):
        loss = step(model, optimiser, rows, setting)
    wait_for(device)
    return {
        "seconds": (time.perf_counter() - begin) / setting["steps"],
        "peak_gb": peak_bytes(device) / 1e9,
        "loss": float(loss),
        "trained": sum(weight.numel() for weight in trained),
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "CPU",
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }


def make_model(setting: dict, device):
    """In the precision in which a recipe holds its weights: single where there is no other copy of them."""
    import torch
    from transformers import AutoModelForCausalLM, Qwen3Config

    config = Qwen3Config(**setting["config"], max_position_embeddings=setting["length"], use_cache=False)
    single = device.type == "cpu" or setting["method"] == "full"
    dtype = torch.float32 if single else torch.bfloat16
    with torch.device(device):
        model = AutoModelForCausalLM.from_config(config, dtype=dtype, attn_implementation=setting["attention"])
    if setting["loss"] == "liger":
        from transformers.integrations.liger import apply_liger_kernel

        apply_liger_kernel(model, None)
    if setting["method"] == "lora":
        from peft import LoraConfig, get_peft_model

        model = get_peft_model(model, LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules="all-linear"))
    if setting["checkpointing"]:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    return model.train()


def make_rows(setting: dict, device) -> dict:
    """One sequence. Positions that begin anew tell flash attention where a packed row begins."""
    import torch

    length, row = setting["length"], setting["row"]
    ids = torch.randint(setting["config"]["vocab_size"], (1, length), device=device)
    positions = torch.arange(length, device=device).remainder(row).unsqueeze(0)
    return {"input_ids": ids, "position_ids": positions}


def step(model, optimiser, rows: dict, setting: dict):
    import torch

    device = rows["input_ids"].device.type
    with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
        if setting["loss"] == "pieces":
            loss = loss_in_pieces(model, rows)
        else:
            loss = model(**rows, labels=rows["input_ids"]).loss
    loss.backward()
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return loss.detach()


def loss_in_pieces(model, rows: dict):
    """The logits of a piece are made twice and never kept."""
    from torch.nn.functional import cross_entropy
    from torch.utils.checkpoint import checkpoint

    whole = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = whole.model(**rows).last_hidden_state[0, :-1]
    wanted = rows["input_ids"][0, 1:]

    def of_piece(states, targets):
        return cross_entropy(whole.lm_head(states).float(), targets, reduction="sum")

    pieces = zip(hidden.split(PIECE), wanted.split(PIECE))
    losses = [checkpoint(of_piece, states, targets, use_reentrant=False) for states, targets in pieces]
    return sum(losses) / len(wanted)


def wait_for(device) -> None:
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize()


def peak_bytes(device) -> float:
    import torch

    if device.type == "cuda":
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
