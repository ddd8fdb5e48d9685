/** A tool's name as lower-case words with underscores, however it is written: `startEngine` is `start_engine`. */
export function normalToolName(name: string): string {
  return name
    .replace(/([a-z0-9])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
}

/** How much a name tells that is met again: one word (`search`, `cat`) half of what two or more do. */
export function nameWeight(normalName: string): number {
  return normalName.includes('_') ? 1 : 0.5;
}
