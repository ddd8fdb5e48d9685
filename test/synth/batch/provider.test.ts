import { describe, expect, it } from 'vitest';
import type { BatchEnd } from '../../../synth/batch/backend.ts';
import { EndpointBackend } from '../../../synth/batch/endpoint-backend.ts';
import type { Fault } from '../../helpers/batch-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { batchServer, runBatches } from './runs.ts';

const POLL = { firstS: 0.005, highestS: 0.01 };

/** A provider whose list shows a batch some looks after it was made. */
class LateList extends EndpointBackend {
  looks = 0;
  readonly #after: number;

  constructor(after: number) {
    super('run', POLL);
    this.#after = after;
  }

  override async find(...args: Parameters<EndpointBackend['find']>) {
    this.looks += 1;
    return this.looks < this.#after ? undefined : super.find(...args);
  }
}

/** A provider that takes no second batch while the first is there, which stays until it is let go. */
class Crowded extends EndpointBackend {
  refusals = 0;
  letGo = () => {};
  #isFree = false;
  readonly #free = new Promise<void>((resolve) => {
    this.letGo = () => {
      this.#isFree = true;
      resolve();
    };
  });

  override async wait(...args: Parameters<EndpointBackend['wait']>): Promise<BatchEnd> {
    if (args[0].record.number === 1) await this.#free;
    else if (!this.#isFree) {
      this.refusals += 1;
      return { kind: 'busy', reason: 'Enqueued token limit reached.' };
    }
    return super.wait(...args);
  }
}

/** The first answer to the making of a batch. */
function firstMade(fault: Fault): (route: string) => Fault | undefined {
  let isFirst = true;
  return (route) => {
    if (route !== 'POST /batches' || !isFirst) return undefined;
    isFirst = false;
    return fault;
  };
}

describe('a batch of which nobody said that it was made', { timeout: 120_000 }, () => {
  it.each([
    [{ kind: 'reset', when: 'after' }, 3, 3],
    [{ kind: 'reset', when: 'before' }, 100, 4],
    [{ kind: 'status', status: 504, message: 'gateway timeout' }, 100, 4],
    // It says that it took nothing.
    [{ kind: 'status', status: 503, message: 'overloaded' }, 100, 1],
  ] satisfies [Fault, number, number][])(
    '(%j) is looked for before another is made',
    async (fault, after, looks) => {
      const folder = await temporaryFolder();
      const server = await batchServer({ fault: firstMade(fault) });
      const backend = new LateList(after);
      const { manifest } = await runBatches(folder, server, {
        config: { limit: 4 },
        batch: { backend },
      });
      expect(manifest.state).toBe('finished');
      expect(Math.max(...server.done.values())).toBe(1);
      expect(backend.looks).toBe(looks);
    },
  );
});

describe('a full queue', { timeout: 120_000 }, () => {
  it('of our own batches does not end the run: what it refuses is offered when one is over', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    const backend = new Crowded('run', POLL);
    const notes: string[] = [];
    const note = (line: string) => {
      notes.push(line);
      if (line.endsWith('it is offered again when another batch of this run is over'))
        backend.letGo();
    };
    const { manifest } = await runBatches(folder, server, {
      config: { limit: 4 },
      batch: { backend, note },
      endpoint: { batch_max_requests: 2 },
    });
    expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 4 } });
    expect(notes.filter((line) => line.includes('Enqueued token limit reached'))).toHaveLength(
      backend.refusals,
    );
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it('of others ends it after twelve tries, with what can be done', async () => {
    const refuse = () => ({ code: 'token_limit_exceeded', message: 'Enqueued token limit.' });
    const server = await batchServer({ refuse });
    await expect(runBatches(await temporaryFolder(), server)).rejects.toThrow(
      /batch 1 of 12 requests was not taken in 12 tries: .*make batches smaller/,
    );
    expect(server.batches).toHaveLength(12);
  });
});
