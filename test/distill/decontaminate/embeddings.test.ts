import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEmbedder } from '../../../core/llm/embedder.ts';
import { createEmbeddingMatcher } from '../../../distill/decontaminate/embedding-hits.ts';
import { openBenchmark } from '../../../distill/decontaminate/open-benchmark.ts';
import { DecontaminationRules } from '../../../distill/decontaminate/rules.ts';
import { startEmbeddings as startServer } from '../../helpers/embedding-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const rules = DecontaminationRules.parse({});

/** Texts about the same things are near: the vectors count a few words. */
const startEmbeddings = (answer?: { status: number; body: unknown }) =>
  startServer(vectorOf, answer);

function vectorOf(text: string): number[] {
  return ['boat', 'lake', 'bill', 'phone', 'soup'].map((word) => text.split(word).length - 1);
}

async function lakeFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'lake.jsonl');
  const texts = ['Rent a boat on the lake.', 'Pay the phone bill.'];
  await writeFile(path, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
  return path;
}

function row(...users: string[]) {
  return { messages: users.map((content) => ({ role: 'user' as const, content })), tools: [] };
}

describe('embeddings', () => {
  it('find a row that asks the same in other words, and no other', async () => {
    const { endpoint } = await startEmbeddings();
    const path = await lakeFile();
    const embedder = await createEmbedder(endpoint, join(await temporaryFolder(), 'cache.jsonl'));
    const benchmarks = [await openBenchmark(path), await openBenchmark('bfcl')];
    const matcher = await createEmbeddingMatcher(benchmarks, embedder, rules);
    const rows = [row('Hello', 'My phone has an open bill.'), row('Cook a soup.'), row()];
    const hits = await matcher.hits(rows);
    expect(hits.map((own) => own.length)).toEqual([1, 0, 0]);
    expect(hits[0]?.[0]).toMatchObject({
      benchmark: path,
      item: 'lake.jsonl:2',
      kind: 'embedding',
      drop: true,
      where: 'messages[1]',
      example: 'My phone has an open bill.',
    });
    expect(hits[0]?.[0]?.value).toBeCloseTo(1);
    expect(matcher.withoutTexts).toEqual(['bfcl']);
    await embedder.close();
  });

  it('are asked for once, in batches, and kept for the next run', async () => {
    const { endpoint, asked } = await startEmbeddings();
    const cache = join(await temporaryFolder(), 'cache.jsonl');
    const texts = Array.from({ length: 150 }, (_, index) => `boat ${index} lake`);
    const first = await createEmbedder(endpoint, cache);
    const vectors = await first.embed([...texts, ...texts]);
    await first.close();
    expect(asked.map((batch) => batch.length)).toEqual([64, 64, 22]);
    const second = await createEmbedder(endpoint, cache);
    expect(await second.embed([...texts.slice(0, 3), 'soup'])).toEqual([
      ...vectors.slice(0, 3),
      Float32Array.of(0, 0, 0, 0, 1),
    ]);
    await second.close();
    expect(asked.slice(3)).toEqual([['soup']]);
  });

  it('need a benchmark with its words', async () => {
    const { endpoint } = await startEmbeddings();
    const embedder = await createEmbedder(endpoint, join(await temporaryFolder(), 'cache.jsonl'));
    await expect(
      createEmbeddingMatcher([await openBenchmark('tau2')], embedder, rules),
    ).rejects.toThrow(/tau2 is shipped as hashes only/);
    await embedder.close();
  });

  it.each([
    [
      { status: 404, body: { error: { message: 'no such model' } } },
      /vectors, model counts: 404 no such model/,
    ],
    [{ status: 200, body: { data: [] } }, /0 embeddings for 1 texts/],
    [{ status: 200, body: { ok: true } }, /holds no embeddings/],
  ])('that do not come are an error with its cause', async (answer, message) => {
    const { endpoint } = await startEmbeddings(answer);
    const embedder = await createEmbedder(endpoint, join(await temporaryFolder(), 'cache.jsonl'));
    await expect(embedder.embed(['boat'])).rejects.toThrow(message);
    await embedder.close();
  });

  it('are not read from a file that is something else', async () => {
    const { endpoint } = await startEmbeddings();
    const path = await lakeFile();
    await expect(createEmbedder(endpoint, path)).rejects.toThrow(/line 1 is no cached embedding/);
  });
});
