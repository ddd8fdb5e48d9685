import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EndpointEntry, saveEndpoint } from '../../../core/launch/server-endpoint.ts';
import { endpointByName, loadEndpoints } from '../../../core/llm/endpoints-file.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const ENTRY: EndpointEntry = {
  base_url: 'http://127.0.0.1:8000/v1',
  model: 'mine',
  prices: { input: 0, output: 0 },
};

describe('the endpoint of a server', () => {
  it('is read by every other command', async () => {
    const file = join(await temporaryFolder(), 'new', 'endpoints.yaml');
    await saveEndpoint(file, 'mine', ENTRY);
    expect(endpointByName(await loadEndpoints(file), 'mine')).toMatchObject({
      ...ENTRY,
      name: 'mine',
    });
  });

  it('joins the others of a file, comments and all, and replaces its older self', async () => {
    const file = join(await temporaryFolder(), 'endpoints.yaml');
    const other =
      '# My servers.\nendpoints:\n  # the old one\n  other: { base_url: http://a/v1, model: b }\n';
    await writeFile(file, other);
    await saveEndpoint(file, 'mine', { ...ENTRY, model: 'older' });
    await saveEndpoint(file, 'mine', ENTRY);
    const text = await readFile(file, 'utf8');
    expect(text).toContain('# My servers.');
    expect(text).toContain('# the old one');
    const { endpoints } = await loadEndpoints(file);
    expect(Object.keys(endpoints)).toEqual(['other', 'mine']);
    expect(endpoints.mine?.model).toBe('mine');
  });

  it('is not put into a file of another kind', async () => {
    const file = join(await temporaryFolder(), 'config.yaml');
    await writeFile(file, 'stages: {}\n');
    await expect(saveEndpoint(file, 'mine', ENTRY)).rejects.toThrow(/unknown key "stages"/);
    expect(await readFile(file, 'utf8')).toBe('stages: {}\n');
  });
});
