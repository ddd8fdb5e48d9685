import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from '../../../core/llm/adaptive-limit.ts';

/** Keeps a server busy for a number of rounds; it admits so many at a time and answers all of them each round. */
function serve(
  limit: AdaptiveLimit,
  admits: number,
  rounds: number,
  retryAfter: number | null = null,
) {
  let [answered, throttled] = [0, 0];
  for (let round = 0; round < rounds; round += 1) {
    const tickets: number[] = [];
    while (limit.hasRoom(round * 1e6)) tickets.push(limit.take());
    for (const ticket of tickets.slice(admits)) {
      throttled += 1;
      limit.throttled(ticket, retryAfter, round * 1e6);
    }
    for (const _ of tickets.slice(0, admits)) {
      answered += 1;
      limit.answered();
    }
  }
  return { answered, throttled };
}

describe('AdaptiveLimit', () => {
  it('doubles each round while the server answers, up to the highest', () => {
    const limit = new AdaptiveLimit(4, 64);
    serve(limit, 1000, 3);
    expect(limit.limit).toBe(32);
    serve(limit, 1000, 5);
    expect(limit.limit).toBe(64);
  });

  it('falls from a burst to what the server admits within one round', () => {
    const limit = new AdaptiveLimit(256, 256);
    serve(limit, 64, 1);
    expect(limit.limit).toBeGreaterThanOrEqual(60);
    expect(limit.limit).toBeLessThanOrEqual(68);
  });

  it('stays near what the server admits, with few objections', () => {
    const limit = new AdaptiveLimit(8, 256);
    serve(limit, 64, 10);
    const { answered, throttled } = serve(limit, 64, 100);
    expect(answered / (100 * 64)).toBeGreaterThan(0.9);
    expect(throttled / answered).toBeLessThan(0.1);
  });

  it('grows again when the server admits more than before', () => {
    const limit = new AdaptiveLimit(256, 256);
    serve(limit, 16, 5);
    serve(limit, 1000, 60);
    expect(limit.limit).toBe(256);
  });

  it('leaves the server alone for as long as it asked when nothing is answered', () => {
    const limit = new AdaptiveLimit(2, 8);
    const [first, second] = [limit.take(), limit.take()];
    limit.throttled(first, 30, 1000);
    limit.throttled(second, 30, 1000);
    expect(limit.hasRoom(1000)).toBe(false);
    expect(limit.pauseLeft(11_000)).toBe(20_000);
    expect(limit.hasRoom(31_000)).toBe(true);
  });

  it('takes a row of timeouts that belong together as one sign', () => {
    const limit = new AdaptiveLimit(100, 100);
    const tickets = Array.from({ length: 100 }, () => limit.take());
    for (const ticket of tickets) limit.stalled(ticket);
    expect(limit.limit).toBe(70);
    expect(limit.inFlight).toBe(0);
  });
});
