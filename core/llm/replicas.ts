import { AdaptiveLimit } from './adaptive-limit.ts';
import { type NamedEndpoint, urlsOf } from './endpoint.ts';
import type { Failure } from './failure.ts';

/** A place at one of an endpoint's servers; how the request ended is told exactly once. */
export interface Place {
  url: string;
  answered(): void;
  failed(failure: Failure): void;
  /** Gives the place back unused or without a meaning for the server's load. */
  released(): void;
}

interface Replica {
  url: string;
  limit: AdaptiveLimit;
  /** Connections that failed in a row; set aside from the third on while another replica lives. */
  unreachable: number;
  /** On the clock that nobody sets (performance.now), as all times here. */
  asideUntil: number;
}

interface Waiting {
  resolve: (place: Place) => void;
  reject: (reason: unknown) => void;
}

const ASIDE_AFTER = 3;
const LONGEST_ASIDE_MS = 60_000;

/**
 * The servers of one endpoint and who may ask them when: the least busy first, later stages before earlier ones so
 * that begun work ends, a dead replica set aside and tried again (design: Engine properties 2).
 */
export class Replicas {
  readonly #replicas: Replica[];
  /** Queues by priority; a greater number goes first. */
  readonly #queues = new Map<number, Waiting[]>();
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(endpoint: NamedEndpoint) {
    const { first, highest } = endpoint.concurrency;
    this.#replicas = urlsOf(endpoint).map((url) => ({
      url,
      limit: new AdaptiveLimit(first, highest),
      unreachable: 0,
      asideUntil: 0,
    }));
  }

  get inFlight(): number {
    return this.#replicas.reduce((sum, { limit }) => sum + limit.inFlight, 0);
  }

  /** How many requests the servers take together at present. */
  get limit(): number {
    return this.#replicas.reduce((sum, { limit }) => sum + limit.limit, 0);
  }

  /** Whether every server's latest request could not be delivered. */
  get allUnreachable(): boolean {
    return this.#replicas.every(({ unreachable }) => unreachable > 0);
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Waits for a place; rejects with the signal's reason when it is aborted first. */
  async place(priority: number, signal: AbortSignal): Promise<Place> {
    signal.throwIfAborted();
    if (this.#waiting === 0) {
      const free = this.#freeReplica();
      if (free !== undefined) return this.#placeAt(free);
    }
    return this.#enqueue(priority, signal);
  }

  #enqueue(priority: number, signal: AbortSignal): Promise<Place> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve: (place) => {
          signal.removeEventListener('abort', onAbort);
          resolve(place);
        },
        reject,
      };
      const onAbort = () => {
        this.#remove(priority, waiting);
        reject(signal.reason);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      const queue = this.#queues.get(priority) ?? [];
      if (queue.length === 0) this.#queues.set(priority, queue);
      queue.push(waiting);
      this.#waiting += 1;
      this.#serve();
    });
  }

  #remove(priority: number, waiting: Waiting): void {
    const queue = this.#queues.get(priority) ?? [];
    const at = queue.indexOf(waiting);
    if (at === -1) return;
    queue.splice(at, 1);
    this.#waiting -= 1;
    // A timer that nobody waits for would keep the process alive.
    if (this.#waiting === 0) clearTimeout(this.#timer);
    if (this.#waiting === 0) this.#timer = undefined;
  }

  /** Hands free places to those who wait; comes back by itself when all servers are paused. */
  #serve(): void {
    while (this.#waiting > 0) {
      const replica = this.#freeReplica();
      if (replica === undefined) {
        this.#serveLater();
        return;
      }
      const next = this.#next();
      if (next === undefined) return;
      next.resolve(this.#placeAt(replica));
    }
  }

  #next(): Waiting | undefined {
    let best: number | undefined;
    for (const [priority, queue] of this.#queues) {
      if (queue.length > 0 && (best === undefined || priority > best)) best = priority;
    }
    if (best === undefined) return undefined;
    this.#waiting -= 1;
    return this.#queues.get(best)?.shift();
  }

  #serveLater(): void {
    if (this.#timer !== undefined) return;
    const now = performance.now();
    const waits = this.#replicas.map(({ limit, asideUntil }) =>
      Math.max(limit.pauseLeft(now), asideUntil - now),
    );
    const wait = Math.min(...waits.filter((milliseconds) => milliseconds > 0));
    if (!Number.isFinite(wait)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#serve();
    }, wait + 1);
  }

  #freeReplica(): Replica | undefined {
    const now = performance.now();
    let best: Replica | undefined;
    for (const replica of this.#replicas) {
      if (!replica.limit.hasRoom(now) || replica.asideUntil > now) continue;
      if (best === undefined || load(replica) < load(best)) best = replica;
    }
    return best;
  }

  #placeAt(replica: Replica): Place {
    const { limit } = replica;
    const ticket = limit.take();
    const settle = (act: () => void) => {
      act();
      this.#serve();
    };
    return {
      url: replica.url,
      answered: () =>
        settle(() => {
          replica.unreachable = 0;
          limit.answered();
        }),
      released: () => settle(() => limit.released()),
      failed: (failure) =>
        settle(() => {
          if (failure.kind === 'throttled')
            limit.throttled(ticket, failure.retryAfter, performance.now());
          else if (failure.kind === 'transport') limit.stalled(ticket);
          else limit.released();
          this.#noteReach(replica, failure.unreachable);
        }),
    };
  }

  /** One failed trial later than the last sends a replica aside again, for twice as long. */
  #noteReach(replica: Replica, unreachable: boolean): void {
    // Requests that failed together are one trial.
    if (unreachable && replica.asideUntil > performance.now()) return;
    replica.unreachable = unreachable ? replica.unreachable + 1 : 0;
    const beyond = replica.unreachable - ASIDE_AFTER;
    if (beyond < 0 || this.#replicas.length === 1) return;
    replica.asideUntil =
      performance.now() + Math.min(LONGEST_ASIDE_MS, 1000 * 2 ** Math.min(beyond, 10));
  }
}

const load = ({ limit }: Replica): number => limit.inFlight / limit.limit;
