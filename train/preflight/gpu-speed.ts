/** Calculations a second of one GPU in bfloat16, dense, as its maker states them; the first name that fits counts. */
const PEAK: [RegExp, number][] = [
  [/gb200/i, 2500e12],
  [/b200/i, 2250e12],
  [/h100 pcie/i, 756e12],
  [/h100 nvl|h200 nvl/i, 835e12],
  [/h100|h200|h800/i, 989e12],
  [/a100|a800/i, 312e12],
  [/l40s/i, 362e12],
  [/l40\b/i, 181e12],
  [/\bl4\b/i, 121e12],
  [/rtx.?5090/i, 210e12],
  [/rtx.?4090/i, 165e12],
  [/a6000\b/i, 155e12],
  [/a40\b/i, 150e12],
  [/a10\b/i, 125e12],
];

/** By the name that nvidia-smi or a cluster file gives; null for a GPU that is not known here. */
export function peakFlops(gpu: string): number | null {
  return PEAK.find(([name]) => name.test(gpu))?.[1] ?? null;
}
