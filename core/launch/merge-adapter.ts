import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { hashValue } from '../hash.ts';
import type { Adapter } from './adapter.ts';
import { describeEnding, launch } from './process.ts';
import type { ServedModel } from './served-model.ts';

/**
 * Merges an adapter into its base model, for servers that cannot load one: a folder beside the adapter, made once.
 * `python` needs torch, transformers and peft. Returns the folder.
 * @throws UsageError with Python's last error
 */
export async function mergedCopy(
  model: ServedModel,
  adapter: Adapter,
  python: string,
): Promise<string> {
  const folder = `${adapter.folder}-merged`;
  const made = hashValue({ base: model.source, adapter: await adapterState(adapter) });
  if ((await madeFrom(folder)) === made) return folder;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  const log = `${folder}.log`;
  const merging = await launch({
    argv: [python, '-c', MERGE, model.source, adapter.folder, partial],
    env: { HF_HUB_OFFLINE: model.kind === 'hub' ? undefined : '1' },
    log,
  });
  const ending = await merging.ended;
  if (ending.exitCode !== 0)
    throw new UsageError(
      `${describeEnding(`merging ${adapter.folder} into ${model.source}`, ending)}\nthe Python is ${python}; it needs torch, transformers and peft (log: ${log})`,
    );
  await writeFile(join(partial, STAMP), `${JSON.stringify({ made })}\n`);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return folder;
}

const STAMP = 'gem-traj-merged.json';

/** What the folder was made from; undefined when it is not there or not whole. */
async function madeFrom(folder: string): Promise<string | undefined> {
  const path = join(folder, STAMP);
  if (!existsSync(path)) return undefined;
  const stamp = z.object({ made: z.string() }).safeParse(JSON.parse(await readFile(path, 'utf8')));
  return stamp.data?.made;
}

/** Changes when the adapter is trained on. */
async function adapterState({ folder }: Adapter): Promise<string> {
  const file = ['adapter_model.safetensors', 'adapter_model.bin'].map((name) => join(folder, name));
  const path = file.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`${dirname(folder)} has lost its weights`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The base's tokenizer unless the adapter brings one: it may have a chat template of its own. */
const MERGE = `
import os, sys
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer
base, adapter, out = sys.argv[1:4]
model = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
PeftModel.from_pretrained(model, adapter).merge_and_unload().save_pretrained(out)
own = os.path.exists(os.path.join(adapter, "tokenizer.json"))
AutoTokenizer.from_pretrained(adapter if own else base).save_pretrained(out)
`;
