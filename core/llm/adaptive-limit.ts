/**
 * How many requests one server gets at a time, found by trying: one more for each request answered until the server
 * first objects, then a twentieth more for each round of answers; a smaller number when it throttles or stalls
 * (design: Engine properties 2).
 *
 * A throttled request shows that what is left in flight is what the server admits, so the limit falls to that at
 * once; otherwise a burst of 256 against a server of 64 would need many rounds of cutting to get there.
 */
export class AdaptiveLimit {
  readonly #highest: number;
  #limit: number;
  #inFlight = 0;
  /** Above this the limit grows slowly: here the server objected before. */
  #slowAbove = Number.POSITIVE_INFINITY;
  #beforeCut = 0;
  /** Requests sent before the last cut say nothing new about it. */
  #cutAt = 0;
  #sent = 0;
  #answeredSinceThrottle = true;
  #pausedUntil = 0;
  /** A round ends after as many answers as the limit was at its begin; a limit that nobody fills does not grow. */
  #round = { limit: 0, left: 0, peak: 0 };

  constructor(first: number, highest: number) {
    this.#limit = Math.min(first, highest);
    this.#highest = highest;
    this.#beginRound();
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get limit(): number {
    return Math.max(1, Math.floor(this.#limit));
  }

  /** Milliseconds until the server may be asked again; 0 when it may be now. */
  pauseLeft(now: number): number {
    return Math.max(0, this.#pausedUntil - now);
  }

  hasRoom(now: number): boolean {
    return this.#inFlight < this.limit && now >= this.#pausedUntil;
  }

  /** Takes a place; the ticket goes back to `answered`, `throttled`, `stalled` or `released`. */
  take(): number {
    this.#inFlight += 1;
    this.#sent += 1;
    this.#round.peak = Math.max(this.#round.peak, this.#inFlight);
    return this.#sent;
  }

  answered(): void {
    this.#inFlight -= 1;
    this.#answeredSinceThrottle = true;
    if (this.#round.peak >= this.#round.limit)
      this.#limit = Math.min(this.#highest, this.#limit + this.#growth());
    this.#round.left -= 1;
    if (this.#round.left <= 0) this.#beginRound();
  }

  /**
   * @param retryAfter seconds the server asked to wait, or null; the whole server is left alone for that long only
   *   when nothing was answered since it last objected: then the rate is the limit, not the number in flight
   */
  throttled(ticket: number, retryAfter: number | null, now: number): void {
    const again = ticket > this.#cutAt && !this.#answeredSinceThrottle;
    this.#inFlight -= 1;
    this.#cut(ticket, 0.9);
    this.#limit = Math.max(1, Math.min(this.#limit, this.#inFlight));
    this.#slowAbove = this.#inFlight === 0 ? this.#beforeCut / 2 : this.#limit;
    this.#beginRound();
    if ((again || this.#inFlight === 0) && retryAfter !== null) {
      this.#pausedUntil = Math.max(this.#pausedUntil, now + retryAfter * 1000);
    }
  }

  /** A timeout or a 5xx: the server may be overloaded. */
  stalled(ticket: number): void {
    this.#inFlight -= 1;
    this.#cut(ticket, 0.7);
  }

  /** The request ended in a way that says nothing about load. */
  released(): void {
    this.#inFlight -= 1;
  }

  #growth(): number {
    return this.#limit < this.#slowAbove ? 1 : Math.max(1 / this.#limit, 0.05);
  }

  #cut(ticket: number, factor: number): void {
    if (ticket <= this.#cutAt) return;
    this.#cutAt = this.#sent;
    this.#answeredSinceThrottle = false;
    this.#beforeCut = this.#limit;
    this.#limit = Math.max(1, this.#limit * factor);
    this.#slowAbove = this.#limit;
    this.#beginRound();
  }

  #beginRound(): void {
    this.#round = { limit: this.limit, left: this.limit, peak: this.#inFlight };
  }
}
