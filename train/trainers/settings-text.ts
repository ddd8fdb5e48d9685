import { stringify } from 'yaml';

/**
 * Settings as YAML for Python, whose reader knows YAML 1.1 only: a bare `no` is false to it, and a number like 1e-7,
 * without a point, is a text.
 */
export function settingsText(settings: object): string {
  const text = stringify(settings, { version: '1.1', lineWidth: 0 });
  return text.replaceAll(/^(\s*[\w-]+: -?\d+)(e[-+]\d+)$/gm, '$1.0$2');
}
