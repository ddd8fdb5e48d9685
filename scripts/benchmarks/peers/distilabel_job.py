"""distilabel: a pipeline of one TextGeneration step, its cache in the job's folder."""

import os

from distilabel.models import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps import LoadDataFromDicts
from distilabel.steps.tasks import TextGeneration
from job import MODEL, end, read_job


def main() -> None:
    job = read_job()
    with Pipeline(name="peers", cache_dir=os.path.join(job.folder, "cache")) as pipeline:
        load = LoadDataFromDicts(
            data=[{"instruction": prompt} for prompt in job.prompts], batch_size=job.concurrency
        )
        # It asks a batch at a time, all of its rows at once: the batch is its only concurrency.
        ask = TextGeneration(
            llm=OpenAILLM(model=MODEL, base_url=job.url, api_key="none"),
            input_batch_size=job.concurrency,
        )
        load >> ask
    distiset = pipeline.run(use_cache=True)
    end(sum(1 for row in distiset["default"]["train"] if row["generation"]))


if __name__ == "__main__":
    main()
