import { terminal } from '../../core/terminal.ts';
import type { HarnessEvent } from './harness-event.ts';

const EVERY_MS = 10_000;

/** How far a harness is, from its launcher's events; shows it as it goes. */
export class HarnessProgress {
  harness: Extract<HarnessEvent, { event: 'harness' }> | undefined;
  data: string | undefined;
  planned = 0;
  answered = 0;
  /** Answers of the model that could not be used; they count as wrong. */
  unusable = 0;
  unanswered = 0;
  lastFailure: string | undefined;
  givenUp = false;
  readonly #title: string;
  #shown = 0;

  constructor(title: string) {
    this.#title = title;
  }

  add(event: HarnessEvent): void {
    if (event.event === 'harness') this.harness = event;
    else if (event.event === 'planned') {
      this.planned = event.tasks;
      this.data = event.data;
    } else if (event.event === 'answered') {
      this.answered += 1;
      if (event.error !== undefined) this.unusable += 1;
    } else if (event.event === 'endpoint_failed') {
      this.unanswered += 1;
      this.lastFailure = event.error;
    } else this.givenUp = true;
    this.#show();
  }

  /** The last state, whatever was shown before. */
  end(): void {
    if (this.planned > 0) terminal.live(() => this.#line());
  }

  #show(): void {
    const wait = terminal.isInteractive ? 0 : EVERY_MS;
    if (this.planned === 0 || Date.now() - this.#shown < wait) return;
    this.#shown = Date.now();
    terminal.live(() => this.#line());
  }

  #line(): string {
    const parts = [
      `${this.answered} answered now of ${this.planned} in all`,
      ...(this.unusable > 0 ? [`${this.unusable} of them unusable, which counts as wrong`] : []),
      ...(this.unanswered > 0 ? [`${this.unanswered} without an answer, which counts not`] : []),
    ];
    return `${this.#title}: ${parts.join('; ')}`;
  }
}
