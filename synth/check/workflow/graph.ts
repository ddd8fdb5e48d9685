/** An execution graph: groups of tools, each group after the one before it. */
export interface Graph {
  groups: readonly (readonly string[])[];
}

const MAX_LENGTH = 10_000;
const MAX_TOOLS = 500;

const ARROW = /-{1,3}>|={1,3}>|[→⇒➔➝»]/;
const NAME = /^[\p{L}_][\p{L}\p{N}_.-]{0,127}$/u;

/**
 * Reads a graph such as `(login)->(search, list)->(book)`. Other arrows and brackets will do, names without
 * brackets too, and several chains, each on its own line: they are joined where one goes on with the end of
 * another. Undefined for what is no graph; an empty text is none.
 */
export function parseGraph(text: string): Graph | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const chains = text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/`{3}(?:\w{0,20})|`/g, ' ')
    .split(/[\n;]+/)
    .map((line) => line.trim().replace(/[.,]$/, ''))
    .filter((line) => line !== '');
  const read = joinBroken(chains).map(readChain);
  const groups: string[][] = [];
  for (const chain of read) {
    if (chain === undefined) return undefined;
    append(groups, chain);
  }
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  return count === 0 || count > MAX_TOOLS ? undefined : { groups };
}

/** A line that begins or ends with an arrow goes on with its neighbour. */
function joinBroken(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    const goesOn = /^(?:-{1,3}>|={1,3}>|[→⇒])/.test(line) || /(?:[-=]>|[→⇒])$/.test(last ?? '');
    if (last !== undefined && goesOn) joined[joined.length - 1] = `${last} ${line}`;
    else joined.push(line);
  }
  return joined;
}

function readChain(line: string): string[][] | undefined {
  const groups: string[][] = [];
  for (const part of line.split(ARROW)) {
    const inner = part
      .trim()
      .replace(/^[([{]+|[)\]}]+$/g, '')
      .trim();
    const names = inner
      .split(/[,|&/]| (?:and|or) /)
      .map((name) => name.trim().replace(/^["'*]+|["'*]+$|\(\)$/g, ''));
    if (names.length === 0 || names.some((name) => !NAME.test(name))) return undefined;
    groups.push([...new Set(names)]);
  }
  return groups;
}

/** Chains that begin with the last group so far go on from it; any other is a chain beside it, level by level. */
function append(groups: string[][], chain: readonly string[][]): void {
  const [first] = chain;
  const at = groups.findLastIndex((group) => first?.some((name) => group.includes(name)) ?? false);
  const from = Math.max(0, at);
  for (const [index, names] of chain.entries()) {
    const group = groups[from + index];
    if (group === undefined) groups.push([...names]);
    else group.push(...names.filter((name) => !groups.some((one) => one.includes(name))));
  }
}
