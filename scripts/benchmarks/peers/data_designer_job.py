"""NVIDIA data-designer: a seed of questions and one text column, resumed where a checkpoint allows it."""

import data_designer.config as dd
import pandas as pd
from data_designer.interface import DataDesigner
from job import MODEL, end, read_job, stand_in_encoding


def main() -> None:
    job = read_job()
    stand_in_encoding()
    designer = DataDesigner(
        artifact_path=job.folder,
        model_providers=[dd.ModelProvider(name="loopback", endpoint=job.url, api_key="none")],
    )
    designer.set_run_config(dd.RunConfig(otel_metrics_port=None))
    model = dd.ModelConfig(
        alias="asked",
        model=MODEL,
        provider="loopback",
        skip_health_check=True,
        inference_parameters=dd.ChatCompletionInferenceParams(max_parallel_requests=job.concurrency),
    )
    config = dd.DataDesignerConfigBuilder(model_configs=[model])
    config.with_seed_dataset(dd.DataFrameSeedSource(df=pd.DataFrame({"question": job.prompts})))
    config.add_column(dd.LLMTextColumnConfig(name="text", model_alias="asked", prompt="{{ question }}"))
    results = designer.create(
        config, num_records=job.rows, dataset_name="peers", resume=dd.ResumeMode.IF_POSSIBLE
    )
    end(int(results.load_dataset()["text"].astype(bool).sum()))


if __name__ == "__main__":
    main()
