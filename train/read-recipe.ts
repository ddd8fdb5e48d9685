import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { errorMessage, UsageError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import { parseYaml } from '../core/yaml.ts';
import { Recipe } from './recipe.ts';

/** A recipe under the name of its file. */
export interface NamedRecipe {
  name: string;
  file: string;
  recipe: Recipe;
}

/**
 * Reads a recipe: a path, or the name of one in ./configs/recipes or of a shipped one. `settings` (KEY=VALUE, keys
 * with dots, values in YAML) replace values before anything is checked; null takes a value away.
 * @throws UsageError with the known names, or with line and key
 */
export async function readRecipe(
  nameOrPath: string,
  settings: readonly string[] = [],
): Promise<NamedRecipe> {
  const file = recipeFile(nameOrPath);
  const text = withSettings(await readFile(file, 'utf8'), settings);
  const shown = settings.length === 0 ? file : `${file} with --set ${settings.join(' ')}`;
  return {
    name: basename(file).replace(/\.ya?ml$/, ''),
    file,
    recipe: parseYaml(text, Recipe, shown),
  };
}

function recipeFile(nameOrPath: string): string {
  const folders = [join('configs', 'recipes'), join(packageRoot(), 'configs', 'recipes')];
  const isPath = nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
  const candidates = isPath
    ? [nameOrPath]
    : folders.map((folder) => join(folder, `${nameOrPath}.yaml`));
  const file = candidates.find((path) => existsSync(path));
  if (file !== undefined) return file;
  if (isPath) throw new UsageError(`--recipe ${nameOrPath}: there is no such file`);
  const names = folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const known = [...new Set(names.map((name) => name.replace(/\.ya?ml$/, '')))].sort();
  throw new UsageError(
    `--recipe ${nameOrPath}: there is no such recipe; known are ${known.join(', ')}, or give a path to a YAML file`,
  );
}

function withSettings(text: string, settings: readonly string[]): string {
  if (settings.length === 0) return text;
  const document = parseDocument(text);
  // Wrong syntax is told by the reading that follows, with its line.
  if (document.errors.length > 0) return text;
  for (const setting of settings) {
    const { key, value } = settingOf(setting);
    const path = key.split('.');
    // What is not known is kept, to be refused by its name.
    const isKnown = document.hasIn(path) || key in Recipe.shape;
    try {
      if (value === null && isKnown) document.deleteIn(path);
      else document.setIn(path, value);
    } catch (cause) {
      throw new UsageError(`--set ${setting}: ${key} cannot be set: ${errorMessage(cause)}`, {
        cause,
      });
    }
  }
  return document.toString();
}

function settingOf(setting: string): { key: string; value: unknown } {
  const [, key, text] = /^([\w.]+)=(.*)$/s.exec(setting) ?? [];
  if (key === undefined || text === undefined)
    throw new UsageError(
      `--set ${setting}: it must be KEY=VALUE, such as --set learning_rate=1e-5 or --set method.r=8`,
    );
  try {
    return { key, value: parse(text) };
  } catch (cause) {
    throw new UsageError(`--set ${setting}: the value is no YAML: ${errorMessage(cause)}`, {
      cause,
    });
  }
}
