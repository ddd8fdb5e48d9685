import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable by which a launched process and all that it starts are known again. */
export const MARK = 'GEM_TRAJ_LAUNCH';

/**
 * Signals a launched process and everything that came of it, also what moved to a session of its own (as torchrun's
 * workers do) or lost its parent. Elsewhere than on Linux: its process group. Returns how many were there.
 */
export function signalTree(root: number, mark: string, signal: NodeJS.Signals): number {
  const members = treeMembers(root, mark);
  for (const pid of members) signalOne(pid, signal);
  if (members.length > 0) return members.length;
  return process.platform !== 'linux' && signalOne(-root, signal) ? 1 : 0;
}

/** Signals one process; false when it is no longer there. */
export function signalOne(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The process ids that are alive, zombies left out; empty elsewhere than on Linux. */
function treeMembers(root: number, mark: string): number[] {
  const processes = allProcesses(mark);
  const members = new Set(
    processes
      .filter(({ pid, group, isMarked }) => isMarked || pid === root || group === root)
      .map(({ pid }) => pid),
  );
  // Children of members, until no more are found: some overwrite their own environment, and the mark with it.
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid);
  }
  members.delete(process.pid);
  return [...members];
}

interface Seen {
  pid: number;
  parent: number;
  group: number;
  isMarked: boolean;
}

function allProcesses(mark: string): Seen[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => seen(name, `${MARK}=${mark}`));
}

function seen(name: string, marked: string): Seen[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The program's name stands in brackets and may hold anything.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return [];
    const isMarked = environment(name).includes(marked);
    return [{ pid: Number(name), parent: Number(parent), group: Number(group), isMarked }];
  } catch {
    // It ended while it was looked at.
    return [];
  }
}

/** Empty for a process of somebody else. */
function environment(name: string): string {
  try {
    return readFileSync(`/proc/${name}/environ`, 'latin1');
  } catch {
    return '';
  }
}
