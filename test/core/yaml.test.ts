import { describe, expect, it } from 'vitest';
import { EndpointsFile } from '../../core/llm/endpoint.ts';
import { parseYaml, readYaml } from '../../core/yaml.ts';

const read = (text: string) => parseYaml(text, EndpointsFile, 'e.yaml');

describe('a YAML file', () => {
  it('gives what its schema says, defaults filled in', () => {
    const { endpoints } = read(
      'endpoints:\n  a: { base_url: http://localhost:8000/v1, model: m }\n',
    );
    expect(endpoints.a).toMatchObject({
      model: 'm',
      structured_output: 'none',
      concurrency: { first: 8, highest: 64 },
    });
  });

  it.each([
    [
      'endpoints:\n  a:\n    base_url: nowhere\n    model: m\n',
      'e.yaml, line 3: endpoints.a.base_url',
    ],
    ['endpoints:\n  a:\n    base_url: http://x/v1\n    model: m\n    modle: n\n', 'modle'],
    [
      'endpoints:\n  a: { base_url: http://x/v1, model: m, concurrency: { first: 9, highest: 3 } }\n',
      'first is above highest',
    ],
    ['endpoints:\n  a: [1, 2\n', 'e.yaml, line'],
    ['endpoints:\n  - a\n', 'e.yaml, line 2: endpoints'],
    ['', 'e.yaml, line 1: endpoints'],
  ])('%j is refused with its line and key', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('that is an alias bomb is refused, not expanded', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
    );
    expect(() => read(['l0: &l0 [x]', ...levels].join('\n'))).toThrow(/e\.yaml: .*alias/i);
  });

  it('that is not there is said to be not there', async () => {
    await expect(readYaml('/nowhere/e.yaml', EndpointsFile)).rejects.toThrow(
      '/nowhere/e.yaml: there is no such file',
    );
  });
});
