import { type Engine, StoppedError } from './engine.ts';

/** Who is asked on a model's behalf: the engine, which asks servers at once, or what gathers requests into batches. */
export type Asker = Pick<Engine, 'ask' | 'hasAnswered' | 'load' | 'backingOff' | 'stop' | 'abort'>;

/** The answer comes with a batch: what was begun is dropped now and taken up again from the journal then. */
export class WaitingError extends StoppedError {}
