import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../core/package-root.ts';

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** The page's own files: nothing else is ever read for a path of a request. */
const FILES = [
  'page.html',
  'style.css',
  'style-row.css',
  'main.js',
  'state.js',
  'ask.js',
  'dom.js',
  'list.js',
  'filters.js',
  'row.js',
  'message.js',
  'text.js',
  'side.js',
  'marks.js',
  'keys.js',
] as const;

export interface PageFile {
  type: string;
  body: Buffer;
}

/** The file that a path of the page names; undefined for all others. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  const name = FILES.find((file) => path === `/page/${file}`);
  const file = path === '/' ? 'page.html' : name;
  if (file === undefined) return undefined;
  const type = TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'text/plain';
  return { type, body: await readFile(join(packageRoot(), 'eval', 'viewer', 'page', file)) };
}
