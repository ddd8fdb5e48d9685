// How fast one GPU trains Qwen3-8B's architecture, and in how much memory, for the flags of a recipe that matter: random
// weights, random tokens, no download. Each setting is a process of its own (gpu.py), so that one that does not fit is
// a line of the table. Ends with 1 when no setting could be measured. docs/gpu.md explains the columns.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import { pythonEnv } from '../../core/launch/python.ts';
import { packageRoot } from '../../core/package-root.ts';
import { peakFlops } from '../../train/preflight/gpu-speed.ts';
import { gpuNames } from '../../train/preflight/hardware.ts';
import { knownShape, type ModelShape } from '../../train/preflight/model-shape.ts';
import { modelFlopsPerToken } from './gpu-flops.ts';
import { METHODS, type Setting, settingsOf, VARIANTS } from './gpu-settings.ts';
import { Answer, type Line, nameOf, printed } from './gpu-table.ts';
import { machine } from './machine.ts';

const USAGE = `usage: scripts/bench gpu [options]
  --size NAME      qwen3-8b, or another Qwen3 (0.6b 1.7b 4b 14b 32b), or tiny (qwen3-8b)
  --device NAME    cuda or cpu (cuda)
  --lengths LIST   tokens of a sequence (8192,32768; tiny: 256)
  --methods LIST   ${METHODS.join(',')} (all)
  --variants LIST  ${Object.keys(VARIANTS).join(',')} (all)
  --steps N        steps that are measured, after two that are not (5)
  --peak TFLOPS    what the GPU could do at most in bfloat16, where its name is not known here
  --python PATH    a Python with torch, transformers and peft (.venvs/trl)
  --json FILE      all figures, for a program
`;
/** As gpu.py has it. */
const RANK = 32;
const MOST_MS = 1_200_000;

const List = z.string().transform((text) => text.split(','));
const Options = z.object({
  size: z.string(),
  device: z.enum(['cuda', 'cpu']),
  lengths: List.pipe(z.array(z.stringFormat('length', /^\d+$/).transform(Number))).optional(),
  methods: List.pipe(z.array(z.enum(METHODS))),
  variants: List.pipe(z.array(z.enum(Object.keys(VARIANTS)))),
  steps: z.coerce.number().int().positive(),
  peak: z.coerce.number().positive().optional(),
  python: z.string().optional(),
  json: z.string().optional(),
});
type Options = z.infer<typeof Options>;

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: 'qwen3-8b' },
    device: { type: 'string', default: 'cuda' },
    lengths: { type: 'string' },
    methods: { type: 'string', default: METHODS.join(',') },
    variants: { type: 'string', default: Object.keys(VARIANTS).join(',') },
    steps: { type: 'string', default: '5' },
    peak: { type: 'string' },
    python: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else process.exitCode = await main();

async function main(): Promise<number> {
  const options = Options.safeParse(values);
  if (!options.success) return refused(z.prettifyError(options.error));
  const { size, device, lengths, methods, variants, json } = options.data;
  const shape = knownShape(size === 'tiny' ? 'tiny_qwen3' : `Qwen/${titled(size)}`);
  if (shape === null) return refused(`--size ${size}: it is not known`);
  const gpus = await gpuNames();
  if (device === 'cuda' && gpus.length === 0)
    return refused('nvidia-smi finds no GPU; --size tiny --device cpu tries the program itself');
  process.stdout.write(`${[machine(), ...gpus.slice(0, 1)].join(', ')}\n\n`);
  const usual = size === 'tiny' ? [256] : [8192, 32_768];
  const lines: Line[] = [];
  for (const setting of settingsOf(lengths ?? usual, methods, variants)) {
    process.stderr.write(`${nameOf(setting)}\n`);
    lines.push(await measure(setting, shape, options.data));
  }
  process.stdout.write(printed(lines));
  const figures = `${JSON.stringify({ size, gpu: gpus[0] ?? null, lines }, null, 2)}\n`;
  if (json !== undefined) await writeFile(json, figures);
  return lines.some(({ tokensPerSecond }) => tokensPerSecond !== null) ? 0 : 1;
}

async function measure(setting: Setting, shape: ModelShape, options: Options): Promise<Line> {
  const row = setting.packed ? Math.ceil(setting.length / 4) : setting.length;
  const answer = await inProcess({ ...setting, row, config: configOf(shape), warmup: 2 }, options);
  if ('error' in answer) return { setting, answer, tokensPerSecond: null, utilisation: null };
  const tokensPerSecond = setting.length / answer.seconds;
  const rank = setting.method === 'lora' ? RANK : null;
  const peak = options.peak === undefined ? peakFlops(answer.device) : options.peak * 1e12;
  const flops = tokensPerSecond * modelFlopsPerToken(shape, row, rank);
  return { setting, answer, tokensPerSecond, utilisation: peak === null ? null : flops / peak };
}

async function inProcess(setting: object, { device, steps, python }: Options): Promise<Answer> {
  const program = python ?? (await pythonEnv('trl', packageRoot()));
  const script = join(packageRoot(), 'scripts', 'benchmarks', 'gpu.py');
  const ran = await execa(program, [script, JSON.stringify({ ...setting, device, steps })], {
    env: { HF_HUB_OFFLINE: '1', PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True' },
    timeout: MOST_MS,
    reject: false,
  });
  const last = ran.stdout.trimEnd().split('\n').at(-1) ?? '';
  if (ran.exitCode === 0 && last.startsWith('{')) return Answer.parse(JSON.parse(last));
  if (ran.timedOut) return { error: `not done within ${MOST_MS / 60_000} minutes` };
  return { error: ran.stderr.trim().split('\n').at(-1) || (ran.shortMessage ?? 'it said nothing') };
}

/** As Qwen3's config.json names it. */
function configOf(shape: ModelShape) {
  return {
    hidden_size: shape.hidden,
    intermediate_size: shape.intermediate,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.keyValueHeads,
    head_dim: shape.headDim,
    vocab_size: shape.vocabulary,
    tie_word_embeddings: shape.tied,
  };
}

/** `qwen3-8b` is called Qwen3-8B on the hub. */
function titled(size: string): string {
  return size.replace(/^(qwen3-)?([\d.]+)b$/i, (_, __, billions: string) => `Qwen3-${billions}B`);
}

function refused(message: string): number {
  process.stderr.write(`${message}\n\n${USAGE}`);
  return 2;
}
