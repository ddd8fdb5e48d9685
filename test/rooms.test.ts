import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../core/package-root.ts';

const root = packageRoot();

/** What a room may import beside itself (design: Rooms). */
const ALLOWED: Record<string, string[]> = {
  core: [],
  synth: ['core'],
  distill: ['core', 'synth/check'],
  train: ['core'],
  eval: ['core', 'synth'],
  scripts: ['core', 'synth', 'distill', 'train', 'eval'],
};

const files = Object.keys(ALLOWED)
  .filter((room) => existsSync(join(root, room)))
  .flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }))
  .filter((file) => !file.endsWith('.d.ts'))
  .sort();

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(
    (match) => match[1] ?? '',
  );
  return specifiers.map((specifier) => normalize(join(dirname(file), specifier)));
}

const imports = new Map(files.map((file) => [file, importsOf(file)]));

describe('the rooms', () => {
  it('import only what they may, by files that are there', () => {
    const wrong: string[] = [];
    for (const [file, targets] of imports) {
      const room = file.split('/')[0] ?? '';
      const allowed = [room, ...(ALLOWED[room] ?? [])];
      for (const target of targets) {
        if (!existsSync(join(root, target)))
          wrong.push(`${file} imports ${target}, which is not there`);
        else if (!allowed.some((place) => target.startsWith(`${place}/`)))
          wrong.push(`${file} imports ${target}`);
      }
    }
    expect(files.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it('have no circle of imports', () => {
    expect(circles()).toEqual([]);
  });

  it('have no barrels and no rooms for odds and ends', () => {
    expect(
      files.filter((file) => /(^|\/)(index\.ts|utils|helpers|common)(\/|$|\.ts$)/.test(file)),
    ).toEqual([]);
  });
});

function circles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    else if (!done.has(file)) {
      for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    }
  };
  for (const file of files) visit(relative(root, join(root, file)), []);
  return found;
}
