import { readFile } from 'node:fs/promises';

/**
 * When a process of this machine began: the boot and the kernel's ticks since then (proc(5)). A number that was given
 * to another process since then has another birth. '' where there is no such process, or no /proc.
 */
export async function birthOf(pid: number): Promise<string> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ]);
    // The second field is the program's name in brackets, which may hold anything; starttime is the 22nd.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${boot.trim()} ${ticks}`;
  } catch {
    return '';
  }
}
