"""The plain openai client: a pool of workers, rows to a file, no memory of an earlier run."""

import asyncio
import json
import os

from job import MODEL, end, read_job
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, OpenAIError


async def main() -> None:
    job = read_job()
    rows = iter(enumerate(job.prompts))
    answered = 0
    async with AsyncOpenAI(base_url=job.url, api_key="none", http_client=DefaultAsyncHttpxClient()) as client:
        with open(os.path.join(job.folder, "rows.jsonl"), "w", encoding="utf-8") as file:

            async def worker() -> None:
                nonlocal answered
                for row, prompt in rows:
                    messages = [{"role": "user", "content": prompt}]
                    try:
                        answer = await client.chat.completions.create(model=MODEL, messages=messages)
                    except OpenAIError:
                        continue
                    answered += 1
                    print(json.dumps({"row": row, "text": answer.choices[0].message.content}), file=file)

            await asyncio.gather(*(worker() for _ in range(job.concurrency)))
    end(answered)


asyncio.run(main())
