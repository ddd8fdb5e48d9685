import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { randomSource } from '../../core/stats/random.ts';

/**
 * Writes short passages of our own making as JSONL with id and text, each different, the same for the same seed.
 * @param share how many of them are procedures, 0 to 1; the others tell or argue
 */
export async function writeCorpus(path: string, passages: number, share: number): Promise<void> {
  const random = randomSource(`scale ${share}`);
  await pipeline(Readable.from(batches(passages, share, random)), createWriteStream(path));
}

const BATCH = 500;

function* batches(passages: number, share: number, random: () => number): Generator<string> {
  let batch: string[] = [];
  for (let number = 0; number < passages; number += 1) {
    const text = random() < share ? procedure(number, random) : tale(number, random);
    batch.push(`${JSON.stringify({ id: `scale-${number}`, text })}\n`);
    if (batch.length < BATCH && number + 1 < passages) continue;
    yield batch.join('');
    batch = [];
  }
}

/** A few rules of an office, with the passage's number in them: no two are alike. */
function procedure(number: number, random: () => number): string {
  const pick = <T>(items: readonly T[]): T => pickFrom(items, random);
  const [thing, place] = [pick(THINGS), pick(PLACES)];
  const [days, most] = [2 + Math.floor(random() * 60), 1 + Math.floor(random() * 9)];
  return [
    `How to apply for a ${thing} at the ${place}, leaflet ${number}:`,
    `1. Sign in with your ${pick(NUMBERS)} and open form ${100 + (number % 900)}.`,
    `2. Enter the ${pick(DETAILS)} and upload the ${pick(PAPERS)}. You may request no more than ${most} at a time.`,
    `3. Pay the fee of EUR ${5 + Math.floor(random() * 90)} by card. Without payment the request must be cancelled within ${days} days.`,
    `4. Confirm the date, then collect the ${thing} in person at the ${place}. ${pick(RULES)}`,
  ].join('\n');
}

/** A piece of an evening's memories: nothing in it can be asked of a desk. */
function tale(number: number, random: () => number): string {
  const pick = <T>(items: readonly T[]): T => pickFrom(items, random);
  const year = 1820 + Math.floor(random() * 170);
  return [
    `It was the ${pick(SEASONS)} of ${year}, and the ${pick(FOLK)} of house ${number} had gone to the ${pick(SIGHTS)}.`,
    `Nobody spoke. The ${pick(FOLK)} thought of the ${pick(SIGHTS)} and of what had been said there, and the wind came over the ${pick(SIGHTS)} as it had always done.`,
    `${pick(ENDS)} People believed then that the world was ${pick(QUALITIES)}, and perhaps it was.`,
  ].join(' ');
}

function pickFrom<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

const THINGS = ['parking permit', 'library card', 'garden plot', 'mooring place', 'market stall'];
const PLACES = [
  'town hall',
  'harbour office',
  'community centre',
  'district office',
  'museum desk',
];
const NUMBERS = ['customer number', 'resident number', 'membership number', 'account number'];
const DETAILS = ['delivery address', 'vehicle registration', 'date of birth', 'telephone number'];
const PAPERS = ['proof of address', 'identity document', 'signed contract', 'tax certificate'];
const RULES = [
  'A request that is not collected within 14 days must be made again.',
  'Cancelling is free until 24 hours before the appointment.',
  'The clerk cannot change a confirmed date unless you call at least 2 days in advance.',
  'A second card is issued only if the first was reported missing.',
];
const SEASONS = ['spring', 'summer', 'autumn', 'winter', 'harvest', 'thaw'];
const FOLK = ['sisters', 'fishermen', 'old teacher', 'widow', 'miller', 'cousins', 'doctor'];
const SIGHTS = ['river', 'hills', 'churchyard', 'salt marsh', 'orchard', 'lighthouse', 'moor'];
const ENDS = [
  'They told the story for years, and it became longer every time.',
  'She never wrote about that evening, though he did, badly.',
  'Later the house was sold, and the piano went with it.',
  'In the morning the snow had covered the road and all that lay beside it.',
];
const QUALITIES = ['small', 'kind', 'nearly finished', 'older than it looked', 'theirs'];
