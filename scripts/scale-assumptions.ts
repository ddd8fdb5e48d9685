/** What docs/scale.md is worked out from: change a figure and print the tables again (`npx tsx scripts/scale-table.ts`). */
export const ASSUMED = {
  /** Tokens of a passage, on average. */
  passageTokens: 600,
  /** Share of candidates turned down, and of mended ones turned down again: our guess, as in synth/estimate.ts. */
  turnedDown: 1 / 3,
  /** What of a GPU's time a run uses: starts, the slowest passages at a shard's end, requeues. */
  utilisation: 0.85,
  /** Tokens a second of one GPU with 80 GB under vLLM, many requests at a time, contexts of 2,000 to 12,000 tokens. */
  models: {
    '8B': { prefill: 25_000, decode: 5000 },
    '32B': { prefill: 6000, decode: 1200 },
  },
  /** USD for one GPU and hour. */
  gpuHour: 2.5,
  /** USD per million tokens of a hosted teacher. */
  hosted: { input: 0.6, cachedInput: 0.12, output: 2.2 },
  /** Accepted trajectories wanted, and the GPUs for them. */
  sizes: [
    { accepted: 10_000, gpus: 8 },
    { accepted: 1_000_000, gpus: 64 },
    { accepted: 100_000_000, gpus: 1024 },
  ],
  /** A shard goes over the whole corpus; 1,000,000 passages of its own are what `scripts/bench scale` is made for. */
  passagesPerShard: 1_000_000,
  gpusPerNode: 8,
  /** What a shard, which reads the whole corpus, takes for each passage there: CPU seconds, bytes for its hashes. */
  readSeconds: 32e-6,
  hashBytes: 26,
  /** Bytes of JSON for a token of text, and of a journal's line beside request and answer. */
  bytesPerToken: 4.3,
  bytesPerRequest: 1000,
  /** Bytes of a passage's line in passages.jsonl. */
  bytesPerPassage: 180,
  /** Bytes of a row beside its messages and workflow: checks, provenance of each stage. */
  bytesPerRow: 6200,
  /** Of one shard's run folder: journal, rows, marks, settings, prompts, report. */
  filesPerShard: 18,
} as const;
