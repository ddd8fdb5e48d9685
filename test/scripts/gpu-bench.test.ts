import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { modelFlopsPerToken } from '../../scripts/benchmarks/gpu-flops.ts';
import { settingsOf } from '../../scripts/benchmarks/gpu-settings.ts';
import { printed } from '../../scripts/benchmarks/gpu-table.ts';
import { adapterCount, knownShape } from '../../train/preflight/model-shape.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { installTrainer } from '../train/train-command.ts';

const BENCH = join(packageRoot(), 'scripts', 'bench');
const hasGpu = (await execa('nvidia-smi', ['-L'], { reject: false })).exitCode === 0;

test('scripts/bench gpu measures a tiny model on a CPU; a setting that cannot be is a line of the table', async () => {
  await installTrainer('trl');
  const json = join(await temporaryFolder(), 'figures.json');
  const { stdout, exitCode } = await execa(
    BENCH,
    [
      ...['gpu', '--size', 'tiny', '--device', 'cpu', '--methods', 'lora', '--steps', '1'],
      ...['--variants', 'base,whole,flash', '--peak', '1', '--json', json],
    ],
    { env: { OMP_NUM_THREADS: '1' } },
  );
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^variant +method +tokens +s a step +tokens\/s +MFU +peak GB$/m);
  expect(stdout).toMatch(/^base +lora +256 +[\d.]+ +\d+ +[\d.]+% +[\d.]+$/m);
  expect(stdout).toMatch(/^flash +lora +256 +- +- +- +-$/m);
  expect(stdout).toMatch(/^not measured: flash lora 256: .*[Ff]lash/m);
  expect(stdout).toMatch(/^fastest of lora, 256 tokens: attention: sdpa, .* packing: false$/m);
  const [base, whole] = JSON.parse(await readFile(json, 'utf8')).lines;
  // The loss in pieces is the same work as the loss at once.
  expect(base.answer.loss).toBeCloseTo(whole.answer.loss, 4);
  const shape = knownShape('tiny_qwen3');
  expect(base.answer.trained).toBe(shape && adapterCount(shape, 32));
}, 600_000);

test.skipIf(hasGpu)(
  'without a GPU it says what can be done (skipped where there is one)',
  async () => {
    const { exitCode, stderr } = await execa(BENCH, ['gpu'], { reject: false });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('nvidia-smi finds no GPU; --size tiny --device cpu');
  },
);

describe('the calculations of a token', () => {
  const shape = knownShape('Qwen/Qwen3-8B');
  // 36 layers of 192.9e6 weights and an output layer of 622.3e6; the embedding is looked up.
  const weights = 36 * (2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 12_288) + 151_936 * 4096;

  test('are 6 a weight, and the attention of half of the row in each layer', () => {
    const attention = 3 * 36 * 4 * (32 * 128) * 4096;
    expect(shape && modelFlopsPerToken(shape, 8192, null)).toBe(6 * weights + attention);
  });

  test('are 4 a weight that is frozen, and 6 of the adapters', () => {
    const attention = 3 * 36 * 4 * (32 * 128) * 16_384;
    const adapters = shape === null ? 0 : adapterCount(shape, 32);
    expect(shape && modelFlopsPerToken(shape, 32_768, 32)).toBe(
      4 * weights + 6 * adapters + attention,
    );
  });
});

test('what does not fit is told once, and the fastest of what does in the words of a recipe', () => {
  const [base, whole, kept] = settingsOf([8192], ['lora'], ['base', 'whole', 'kept']);
  if (base === undefined || whole === undefined || kept === undefined)
    throw new Error('three are asked for');
  const measured = { seconds: 2, peak_gb: 41.26, loss: 1, trained: 1, device: 'x', versions: {} };
  const error = { error: 'out of memory' };
  const none = { tokensPerSecond: null, utilisation: null };
  const lines = [
    { setting: base, answer: measured, tokensPerSecond: 4096, utilisation: 0.412 },
    { setting: whole, answer: error, ...none },
    { setting: kept, answer: error, ...none },
  ];
  expect(printed(lines)).toMatchInlineSnapshot(`
    "variant  method  tokens  s a step  tokens/s    MFU  peak GB
    base       lora    8192      2.00      4096  41.2%     41.3
    whole      lora    8192         -         -      -        -
    kept       lora    8192         -         -      -        -

    not measured: whole lora 8192; kept lora 8192: out of memory
    fastest of lora, 8192 tokens: attention: sdpa, activation_checkpointing: true, fused_loss: true, packing: false
    "
  `);
});
