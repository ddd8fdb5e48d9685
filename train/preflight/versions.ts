import { execa } from 'execa';
import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import type { Recipe, TrainerName } from '../recipe.ts';
import { type Finding, finding } from './finding.ts';

/** A trainer's package, and the version that this package's tests train with (docs/trainers.md). */
export const KNOWN_TRAINERS: Record<TrainerName, { package: string; version: string }> = {
  trl: { package: 'trl', version: '1.16.0' },
  llamafactory: { package: 'llamafactory', version: '0.9.5' },
  swift: { package: 'ms-swift', version: '4.6.0' },
  axolotl: { package: 'axolotl', version: '0.21.0' },
};

/** Whose versions are written down where they are installed. */
const OTHERS = [
  'torch',
  'transformers',
  'accelerate',
  'peft',
  'datasets',
  'deepspeed',
  'flash-attn',
  'liger-kernel',
];

const Versions = z.record(z.string(), z.string());

/**
 * Asks a Python for the versions of the trainer and what it builds on; nothing of them is imported.
 * @throws UsageError when the program does not run
 */
export async function findVersions(
  python: string,
  trainer: TrainerName,
): Promise<Record<string, string>> {
  const names = [KNOWN_TRAINERS[trainer].package, ...OTHERS];
  const result = await execa(python, ['-c', ASK, ...names], { reject: false, timeout: 60_000 });
  const parsed = Versions.safeParse(jsonOrNull(String(result.stdout)));
  if (result.exitCode === 0 && parsed.success) return parsed.data;
  throw new UsageError(
    `${python} does not run as a Python: ${String(result.stderr).trim().split('\n').at(-1) || result.shortMessage}`,
  );
}

const ASK = `
import json, platform, sys
from importlib.metadata import PackageNotFoundError, version
found = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
`;

/** Whether what a recipe needs is installed, and in a version that is known to work. */
export function checkVersions(
  recipe: Recipe,
  python: string,
  versions: Record<string, string>,
): Finding {
  const { package: name, version: known } = KNOWN_TRAINERS[recipe.trainer];
  const found = versions[name];
  if (found === undefined)
    return finding({
      problems: [
        `${name} is not installed in ${python}: scripts/python-env ${recipe.trainer} makes an environment with ${name} ${known}, or name yours in the recipe (python: { ${recipe.trainer}: PATH })`,
      ],
    });
  const list = Object.entries(versions).map(([of, version]) => `${of} ${version}`);
  return finding({
    lines: [`trainer: ${list.join(', ')}`],
    problems: needed(recipe)
      .filter((of) => versions[of] === undefined)
      .map(
        (of) =>
          `${of} is not installed in ${python}, and ${WHY[of]} needs it: uv pip install --python ${python} ${of}`,
      ),
    warnings:
      found === known
        ? []
        : [`${name} ${found} is not a version that was tried; ${known} is (docs/trainers.md)`],
  });
}

const WHY: Record<string, string> = {
  deepspeed: 'sharding: zero3',
  'flash-attn': 'attention: flash_attention_2',
  'liger-kernel': 'fused_loss: true',
  peft: 'method: lora',
};

function needed({ sharding, attention, fused_loss, trainer, method }: Recipe): string[] {
  return [
    ...(sharding === 'zero3' ? ['deepspeed'] : []),
    ...(attention === 'flash_attention_2' ? ['flash-attn'] : []),
    // TRL's own loss never holds all logits.
    ...(fused_loss && trainer !== 'trl' ? ['liger-kernel'] : []),
    ...(method.kind === 'lora' ? ['peft'] : []),
  ];
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
