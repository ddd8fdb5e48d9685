import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { readJsonl } from '../../core/jsonl-read.ts';

const Call = z.looseObject({ function: z.looseObject({ name: z.string() }) });
const BaseRow = z.looseObject({
  id: z.string(),
  messages: z.array(z.looseObject({ tool_calls: z.array(Call).nullish() })),
  tools: z.array(
    z.looseObject({
      function: z.looseObject({
        name: z.string(),
        description: z.string().nullish(),
        parameters: z.looseObject({}).nullish(),
      }),
    }),
  ),
});
type BaseRow = z.infer<typeof BaseRow>;

/** Rows to make many rows of: messages and tools in OpenAI's form. */
export async function baseRows(paths: readonly string[]): Promise<BaseRow[]> {
  const rows: BaseRow[] = [];
  for (const path of paths) {
    for await (const { value } of readJsonl(path)) rows.push(BaseRow.parse(value));
  }
  return rows;
}

/**
 * Writes rows until there are so many or the file has so many bytes. With `own` tools each row's have names,
 * descriptions and schemas that no other row has; else they are those of the base row.
 * @returns how many rows there are
 */
export async function writeRows(
  path: string,
  base: readonly BaseRow[],
  limit: { rows?: number; bytes?: number },
  tools: 'own' | 'shared',
): Promise<number> {
  const { rows = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY } = limit;
  const file = createWriteStream(path);
  let written = 0;
  let count = 0;
  for (; count < rows && written < bytes; count += 1) {
    const row = base[count % base.length];
    if (row === undefined) throw new Error('no base rows');
    const line = `${JSON.stringify(tools === 'own' ? withOwnTools(row, count) : { ...row, id: `${row.id}~${count}` })}\n`;
    written += Buffer.byteLength(line);
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  return count;
}

function withOwnTools(row: BaseRow, seed: number): BaseRow {
  return {
    ...row,
    id: `${row.id}~${seed}`,
    tools: row.tools.map((tool) => ({
      ...tool,
      function: {
        ...tool.function,
        name: `${tool.function.name}_${seed}`,
        description: `${tool.function.description ?? ''} (${seed})`,
        parameters: { ...tool.function.parameters, description: `Parameters of ${seed}.` },
      },
    })),
    messages: row.messages.map((message) => ({
      ...message,
      ...(message.tool_calls && {
        tool_calls: message.tool_calls.map((call) => ({
          ...call,
          function: { ...call.function, name: `${call.function.name}_${seed}` },
        })),
      }),
    })),
  };
}
