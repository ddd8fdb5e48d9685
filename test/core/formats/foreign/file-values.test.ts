import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRAJECTORY_COLUMNS } from '../../../../core/columns.ts';
import { type FileValue, fileValues } from '../../../../core/formats/file-values.ts';
import { writeParquet } from '../../../../core/parquet-write.ts';
import { temporaryFolder } from '../../../helpers/temporary.ts';

async function collect(path: string): Promise<FileValue[]> {
  const found: FileValue[] = [];
  for await (const value of fileValues(path)) found.push(value);
  return found;
}

async function valuesOf(name: string, text: string | Uint8Array): Promise<FileValue[]> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  return collect(path);
}

const AB = [
  { place: 'f:1', value: { a: 1 } },
  { place: 'f:2', value: { b: [2, '],[{'] } },
];

describe('the values of a file', () => {
  it.each([
    ['lines', '{"a":1}\n\n{"b":[2,"],[{"]}\n'],
    ['lines with CRLF, a mark and no last newline', '\uFEFF{"a":1}\r\n{"b":[2,"],[{"]}'],
    ['an array', '[{"a":1},{"b":[2,"],[{"]}]'],
    ['an array over lines', ' [\n  {\n "a": 1 },\n {"b": [2, "],[{"]}\n]\n'],
  ])('are read from %s', async (_, text) => {
    expect(await valuesOf('f', text)).toEqual(AB);
  });

  it('is one for an object that is written over lines', async () => {
    const object = { info: { a: 1 }, simulations: [{ id: 's' }] };
    for (const indent of [1, 2, '\t'])
      expect(await valuesOf('f', JSON.stringify(object, null, indent))).toEqual([
        { place: 'f:1', value: object },
      ]);
  });

  it('are problems where a line is no JSON or no UTF-8, and the others are read', async () => {
    const bytes = Buffer.concat([
      Buffer.from('{"a":1}\n{"a":\n"'),
      Buffer.from([0xff]),
      Buffer.from('"\n2'),
    ]);
    const [one, cut, broken, last] = await valuesOf('f', bytes);
    expect(one).toEqual({ place: 'f:1', value: { a: 1 } });
    expect(cut).toMatchObject({ place: 'f:2', problem: expect.stringContaining('no JSON') });
    expect(broken).toMatchObject({ place: 'f:3', problem: expect.stringContaining('UTF-8') });
    expect(last).toEqual({ place: 'f:4', value: 2 });
  });

  it('are the same in lines and in an array, however long', async () => {
    const values = fc.array(
      fc.oneof(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constant({ long: '€"['.repeat(90_000) }),
      ),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        const wanted: unknown = JSON.parse(JSON.stringify(list));
        const lines = list.map((value) => JSON.stringify(value)).join('\n');
        for (const text of [lines, JSON.stringify(list), JSON.stringify(list, null, 1)]) {
          const found = await valuesOf('f', text);
          expect(found.map((one) => ('value' in one ? one.value : one.problem))).toEqual(wanted);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are those of a run in its folder, and of Parquet', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'run'));
    await writeFile(join(folder, 'run', 'trajectories.jsonl'), '{"a":1}\n');
    expect(await collect(join(folder, 'run'))).toEqual([
      { place: 'trajectories.jsonl:1', value: { a: 1 } },
    ]);
    const columns = TRAJECTORY_COLUMNS.filter(({ name }) => name === 'id' || name === 'tools');
    const rows = async function* () {
      yield { id: 'r1', tools: '[]' };
    };
    const path = join(folder, 'rows.parquet');
    await writeParquet(path, columns, rows());
    expect(await collect(path)).toEqual([
      { place: 'rows.parquet:1', value: { id: 'r1', tools: '[]' } },
    ]);
  });

  it('cannot be read from what is not there', async () => {
    const folder = await temporaryFolder();
    await expect(collect(join(folder, 'none'))).rejects.toThrow(/no such file/);
    await expect(collect(folder)).rejects.toThrow(/without trajectories.jsonl/);
  });
});
