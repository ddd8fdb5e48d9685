const SEGMENTS = 64;
const FIRST_CAPACITY = 16;
const HIGHEST_LOAD = 0.875;

/**
 * A set of 64-bit hashes, given as hexadecimal digits of which the first 16 count. Open addressing
 * over typed arrays, about 13 bytes an entry at any size.
 *
 * The 64 segments begin at capacities spread evenly between one and two times the first, so that
 * they double one after another: no moment doubles the whole set.
 */
export class HashSet {
  #segments = Array.from({ length: SEGMENTS }, (_, index) =>
    emptySegment(Math.ceil(FIRST_CAPACITY * 2 ** (index / SEGMENTS))),
  );
  #size = 0;

  /** How many different hashes were added. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of the typed arrays. */
  get bytes(): number {
    return this.#segments.reduce((sum, { high, low }) => sum + high.byteLength + low.byteLength, 0);
  }

  /** Adds a hash; false when it was there. Throws a TypeError when it is not at least 16 hexadecimal digits. */
  add(hex: string): boolean {
    const [high, low] = parseHash(hex);
    const index = low % SEGMENTS;
    let segment = this.#segmentAt(index);
    let slot = findSlot(segment, high, low);
    if (isTaken(segment, slot)) return false;
    if (segment.count + 1 > segment.capacity * HIGHEST_LOAD) {
      segment = doubled(segment);
      this.#segments[index] = segment;
      slot = findSlot(segment, high, low);
    }
    put(segment, slot, high, low);
    this.#size += 1;
    return true;
  }

  /** Whether a hash was added. Throws as `add` does. */
  has(hex: string): boolean {
    const [high, low] = parseHash(hex);
    const segment = this.#segmentAt(low % SEGMENTS);
    return isTaken(segment, findSlot(segment, high, low));
  }

  #segmentAt(index: number): Segment {
    const segment = this.#segments[index];
    if (segment === undefined) throw new RangeError(`no segment ${index}`);
    return segment;
  }
}

interface Segment {
  capacity: number;
  count: number;
  high: Uint32Array;
  low: Uint32Array;
}

function emptySegment(capacity: number): Segment {
  return { capacity, count: 0, high: new Uint32Array(capacity), low: new Uint32Array(capacity) };
}

/** The two halves of a hash; all zeros marks a free slot, so that hash stands as 1 in its low half's top bit. */
function parseHash(hex: string): [number, number] {
  const high = Number.parseInt(hex.slice(0, 8), 16);
  const low = Number.parseInt(hex.slice(8, 16), 16);
  if (hex.length < 16 || Number.isNaN(high) || Number.isNaN(low)) {
    throw new TypeError(`not a hash of 16 or more hexadecimal digits: ${hex.slice(0, 40)}`);
  }
  return high === 0 && low === 0 ? [0, 0x80000000] : [high, low];
}

/** The slot that holds the hash, or the free one where it belongs. */
function findSlot(segment: Segment, high: number, low: number): number {
  let slot = high % segment.capacity;
  while (isTaken(segment, slot) && (segment.high[slot] !== high || segment.low[slot] !== low)) {
    slot = slot + 1 === segment.capacity ? 0 : slot + 1;
  }
  return slot;
}

function isTaken(segment: Segment, slot: number): boolean {
  return segment.high[slot] !== 0 || segment.low[slot] !== 0;
}

function put(segment: Segment, slot: number, high: number, low: number): void {
  segment.high[slot] = high;
  segment.low[slot] = low;
  segment.count += 1;
}

function doubled(old: Segment): Segment {
  const segment = emptySegment(old.capacity * 2);
  for (let slot = 0; slot < old.capacity; slot += 1) {
    const high = old.high[slot] ?? 0;
    const low = old.low[slot] ?? 0;
    if (high !== 0 || low !== 0) put(segment, findSlot(segment, high, low), high, low);
  }
  return segment;
}
