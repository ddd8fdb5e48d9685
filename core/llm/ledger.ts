import { z } from 'zod';
import type { Prices } from './endpoint.ts';

/** Tokens, money and seconds of a number of answered requests. */
export const Bill = z.object({
  requests: z.number(),
  /** Answers taken from another run's journal: not asked, not paid again. */
  reused: z.number(),
  prompt_tokens: z.number(),
  cached_tokens: z.number(),
  completion_tokens: z.number(),
  cost_usd: z.number(),
  seconds: z.number(),
});
export type Bill = z.infer<typeof Bill>;

/** The tokens that one answer used; `estimated` when the server did not say. */
export interface Usage {
  prompt_tokens: number;
  cached_tokens: number;
  completion_tokens: number;
  estimated: boolean;
}

export function emptyBill(): Bill {
  return {
    requests: 0,
    reused: 0,
    prompt_tokens: 0,
    cached_tokens: 0,
    completion_tokens: 0,
    cost_usd: 0,
    seconds: 0,
  };
}

/** USD for an answer's tokens; 0 where the endpoint has no prices. */
export function costOf(usage: Usage, prices: Prices | undefined): number {
  if (prices === undefined) return 0;
  const cached = Math.min(usage.cached_tokens, usage.prompt_tokens);
  const input =
    (usage.prompt_tokens - cached) * prices.input + cached * (prices.cached_input ?? prices.input);
  return (input + usage.completion_tokens * prices.output) / 1e6;
}

/** What a run has used so far, by stage and endpoint. */
export class Ledger {
  readonly #bills = new Map<string, Bill>();

  /** Adds an answer that was paid for in this run. */
  paid(stage: string, endpoint: string, usage: Usage, cost: number, seconds: number): void {
    const bill = this.#bill(stage, endpoint);
    bill.requests += 1;
    bill.prompt_tokens += usage.prompt_tokens;
    bill.cached_tokens += usage.cached_tokens;
    bill.completion_tokens += usage.completion_tokens;
    bill.cost_usd += cost;
    bill.seconds += seconds;
  }

  /** Adds an answer that another run has paid for. */
  reused(stage: string, endpoint: string): void {
    this.#bill(stage, endpoint).reused += 1;
  }

  /** The bills, in the order in which stages first asked. */
  entries(): { stage: string; endpoint: string; bill: Bill }[] {
    return [...this.#bills].map(([key, bill]) => {
      const [stage = '', endpoint = ''] = key.split('\n');
      return { stage, endpoint, bill };
    });
  }

  total(): Bill {
    const sum = emptyBill();
    for (const bill of this.#bills.values()) {
      for (const key of Object.keys(sum) as (keyof Bill)[]) sum[key] += bill[key];
    }
    return sum;
  }

  #bill(stage: string, endpoint: string): Bill {
    const key = `${stage}\n${endpoint}`;
    const bill = this.#bills.get(key) ?? emptyBill();
    this.#bills.set(key, bill);
    return bill;
  }
}
