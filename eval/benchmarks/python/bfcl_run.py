"""One step of the installed bfcl-eval, V3 or V4 data, against any OpenAI-compatible endpoint.

Usage: bfcl_run.py generate|evaluate SETTINGS.json, with BFCL_PROJECT_ROOT set. The key comes in GEM_TRAJ_API_KEY.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import absent_vendors

absent_vendors.install()

import bfcl_eval._llm_response_generation as generation
import openai
from bfcl_eval.constants import category_mapping, eval_config
from bfcl_eval.constants.model_config import MODEL_CONFIG_MAPPING, ModelConfig
from bfcl_eval.eval_checker import eval_runner
from bfcl_eval.model_handler import base_handler
from harness import EndpointFailed, Events, blame, written_whole

try:
    from bfcl_eval.model_handler.api_inference.openai_completion import OpenAICompletionsHandler as Handler
except ImportError:
    from bfcl_eval.model_handler.api_inference.openai import OpenAIHandler as Handler

IS_V3 = category_mapping.VERSION_PREFIX == "BFCL_v3"
# The harness takes underscores for slashes, and V3 takes FC in a name for function calling.
NAME = "endpoint-FC"
REFUSED = 4


def main(step, settings):
    events = Events(settings["events"], settings["patience"])
    register(settings, events)
    {"generate": generate, "evaluate": evaluate}[step](settings, events)


def plan(settings, events):
    """Which ids there are and which are meant, in the order of the data."""
    refuse = [category for category in settings["categories"] if category not in known()]
    found = importlib.metadata.version("bfcl-eval")
    events.write("harness", version=found, python=platform.python_version(), categories=known())
    if found != settings["version"] or refuse:
        sys.exit(REFUSED)
    ids = {category: [entry["id"] for entry in entries(category)] for category in settings["categories"]}
    limit = settings["limit"]
    report = {
        "data": category_mapping.VERSION_PREFIX,
        "totals": {category: len(all_ids) for category, all_ids in ids.items()},
        "ids": {category: all_ids[:limit] for category, all_ids in ids.items()},
        "sha256": {category: data_hash(category) for category in ids},
    }
    with written_whole(settings["plan"], "w") as file:
        json.dump(report, file, indent=1)
    with written_whole(eval_config.TEST_IDS_TO_GENERATE_PATH, "w") as file:
        json.dump(report["ids"], file)
    events.write("planned", tasks=sum(len(some) for some in report["ids"].values()), data=report["data"])


def generate(settings, events):
    plan(settings, events)
    generation.main(
        SimpleNamespace(
            model=[NAME],
            test_category=settings["categories"],
            temperature=0.001,
            include_input_log=False,
            exclude_state_log=True,
            num_gpus=0,
            num_threads=settings["threads"],
            gpu_memory_utilization=0,
            backend="vllm",
            skip_server_setup=True,
            local_model_path=None,
            result_dir=eval_config.RESULT_PATH,
            allow_overwrite=False,
            run_ids=True,
            enable_lora=False,
            max_lora_rank=None,
            lora_modules=None,
        )
    )


def evaluate(settings, _events):
    if not IS_V3:
        eval_runner.main([NAME], settings["categories"], None, None, partial_eval=True)
        return
    # V3 wants every entry of a category answered; what is asked of it is cut to what was.
    load = eval_runner.load_file
    answered = {
        entry["id"] for path in eval_config.RESULT_PATH.rglob("*_result.json") for entry in load(path)
    }

    def load_answered(path, *args, **kwargs):
        loaded = load(path, *args, **kwargs)
        return [entry for entry in loaded if entry["id"] in answered] if is_data(path) else loaded

    eval_runner.load_file = load_answered
    eval_runner.main([NAME], settings["categories"], None, None)


def is_data(path):
    return eval_config.PROMPT_PATH in Path(path).parents


def known():
    """The categories that need nothing but the endpoint."""
    names = category_mapping.TEST_COLLECTION_MAPPING["all"]
    return [name for name in names if not name.startswith(("memory", "web_search", "format_sensitivity"))]


def entries(category):
    if IS_V3:
        return generation.load_file(eval_config.PROMPT_PATH / category_mapping.TEST_FILE_MAPPING[category])
    return generation.load_dataset_entry(category)


def data_hash(category):
    digest = hashlib.sha256()
    name = f"{category_mapping.VERSION_PREFIX}_{category}.json"
    for folder in (eval_config.PROMPT_PATH, eval_config.POSSIBLE_ANSWER_PATH):
        if (folder / name).exists():
            digest.update((folder / name).read_bytes())
    return digest.hexdigest()


def register(settings, events):
    MODEL_CONFIG_MAPPING[NAME] = ModelConfig(
        model_name=NAME,
        display_name=NAME,
        url="",
        org="",
        license="",
        model_handler=handler_class(settings, events),
        input_price=None,
        output_price=None,
        is_fc_model=True,
        underscore_to_dot=True,
    )
    # Both rewrite whole files of results.
    base_handler.open = written_whole
    generation.open = written_whole


def handler_class(settings, events):
    """The harness's own handler; only how the endpoint is asked, and what becomes of its errors, differs."""
    def on_interrupt(*_):
        events.give_up()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_interrupt)

    class EndpointHandler(Handler):
        def __init__(self, *args, **kwargs):
            os.environ.setdefault("OPENAI_API_KEY", "none")
            super().__init__(*args, **kwargs)
            self.is_fc_model = True
            self.unanswered = set()
            self.client = openai.OpenAI(
                base_url=settings["base_url"],
                api_key=os.environ.get("GEM_TRAJ_API_KEY") or "none",
                timeout=settings["timeout_s"],
                max_retries=settings["retries"],
            )

        def inference(self, test_entry, *args, **kwargs):
            try:
                return super().inference(test_entry, *args, **kwargs)
            except EndpointFailed as error:
                self.unanswered.add(test_entry["id"])
                events.endpoint_failed(test_entry["id"], error)
                raise

        def write(self, result, result_dir, update_mode=False):
            given = [result] if isinstance(result, dict) else result
            kept = [entry for entry in given if entry["id"] not in self.unanswered]
            if kept:
                super().write(kept, result_dir, update_mode)
            for entry in kept:
                answer = entry["result"]
                error = answer if isinstance(answer, str) and answer.startswith("Error during inference") else None
                events.answered(entry["id"], **({"error": error[:2000]} if error else {}))

        def _query_FC(self, inference_data):
            tools = inference_data["tools"]
            inference_data["inference_input_log"] = {"message": repr(inference_data["message"]), "tools": tools}
            return self.generate_with_backoff(
                model=settings["model"],
                messages=[plain(message) for message in inference_data["message"]],
                **({"tools": tools} if tools else {}),
            )

        def generate_with_backoff(self, **kwargs):
            events.check()
            start = time.time()
            try:
                response = self.client.chat.completions.create(
                    **kwargs, extra_body={**settings["sampling"], **settings["extra_body"]}
                )
            except openai.APIError as error:
                raise blame(error) from error
            if not getattr(response, "choices", None):
                raise EndpointFailed("the answer has no choices")
            if response.usage is None:
                response.usage = SimpleNamespace(prompt_tokens=0, completion_tokens=0)
            return response, time.time() - start

    return EndpointHandler


def plain(message):
    """Without reasoning, which some servers refuse in the history and templates remove."""
    if isinstance(message, dict):
        return message
    whole = message.model_dump(exclude_none=True)
    return {key: whole[key] for key in ("role", "content", "tool_calls") if key in whole}


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8") as settings_file:
        main(sys.argv[1], json.load(settings_file))
