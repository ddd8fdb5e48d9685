/** What was looked at before a training, a line each, and what speaks against it. */
export interface Finding {
  lines: string[];
  /** Why it cannot work; each says what to do. */
  problems: string[];
  /** What may go wrong, or could not be looked at. */
  warnings: string[];
}

export function finding(parts: Partial<Finding> = {}): Finding {
  return { lines: [], problems: [], warnings: [], ...parts };
}

export function joined(findings: readonly Finding[]): Finding {
  return {
    lines: findings.flatMap(({ lines }) => lines),
    problems: findings.flatMap(({ problems }) => problems),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
}

/** `12.3 GB`, of 10^9 bytes. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 1e9 ? 2 : 1)} GB`;
}
