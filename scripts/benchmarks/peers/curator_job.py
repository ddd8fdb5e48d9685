"""bespokelabs-curator: one LLM over a list of rows, its working folder the job's."""

from bespokelabs import curator
from job import MODEL, end, read_job, stand_in_encoding

AMPLE = 1_000_000_000


class Ask(curator.LLM):
    def prompt(self, input: dict) -> str:
        return input["prompt"]

    def parse(self, input: dict, response: str) -> dict:
        return {"prompt": input["prompt"], "text": response}


def main() -> None:
    job = read_job()
    stand_in_encoding()
    ask = Ask(
        model_name=MODEL,
        backend="openai",
        backend_params={
            "base_url": job.url,
            "api_key": "none",
            "max_concurrent_requests": job.concurrency,
            # Its limits by the minute are guessed where a server states none; here they are to bind nothing.
            "max_requests_per_minute": AMPLE,
            "max_tokens_per_minute": AMPLE,
            # Otherwise one lost row makes it keep none; here lost rows are counted.
            "require_all_responses": False,
        },
    )
    response = ask([{"prompt": prompt} for prompt in job.prompts], working_dir=job.folder)
    end(sum(1 for row in response.dataset if row["text"]))


main()
