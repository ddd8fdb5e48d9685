import { z } from 'zod';

/** What a launcher in python/ tells while it runs: a line of events.jsonl. */
export const HarnessEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('harness'),
    version: z.string(),
    python: z.string(),
    /** What this version of the harness has that can be run here. */
    categories: z.array(z.string()),
  }),
  z.object({ event: z.literal('planned'), tasks: z.number(), data: z.string() }),
  /** `error`: the model's answer could not be used; that counts. */
  z.object({ event: z.literal('answered'), task: z.string(), error: z.string().optional() }),
  /** The task has no answer and counts for nothing; the next session asks again. */
  z.object({ event: z.literal('endpoint_failed'), task: z.string(), error: z.string() }),
  /** Too many failures in a row: no further task is asked. */
  z.object({ event: z.literal('given_up') }),
]);
export type HarnessEvent = z.infer<typeof HarnessEvent>;

/** @returns undefined for what is no whole line, such as the last one of a process that was killed */
export function parseEvent(line: string): HarnessEvent | undefined {
  try {
    return HarnessEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
