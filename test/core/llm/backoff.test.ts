import { describe, expect, it } from 'vitest';
import { delayMs } from '../../../core/llm/backoff.ts';
import type { Failure } from '../../../core/llm/failure.ts';

const failure: Failure = {
  kind: 'transport',
  reason: 'HTTP 500',
  status: 500,
  retryAfter: null,
  unreachable: false,
  maybeBilled: true,
};

describe('the wait before a request is sent again', () => {
  it('doubles with each try up to a minute, with jitter down to half of it', () => {
    expect([1, 2, 3, 9].map((tries) => delayMs(failure, tries, 1))).toEqual([
      500, 1000, 2000, 60_000,
    ]);
    expect(delayMs(failure, 3, 0)).toBe(1000);
  });

  it('is never shorter than the server asked', () => {
    const asked = { ...failure, retryAfter: 7 };
    expect(delayMs(asked, 1, 0)).toBe(7000);
    expect(delayMs(asked, 5, 1)).toBe(7100);
  });
});
