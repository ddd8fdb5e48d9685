import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { JournalIndex } from '../../../core/llm/journal-index.ts';

it('finds a hundred thousand keys again, keeps the newest place, and knows no others', () => {
  const index = new JournalIndex(8);
  const key = (number: number) => createHash('sha256').update(String(number)).digest('hex');
  for (let number = 0; number < 100_000; number += 1)
    index.set(key(number), number * 3e9, number + 1);
  index.set(key(7), 42, 43);
  expect(index.size).toBe(100_000);
  for (let number = 8; number < 100_000; number += 997) {
    expect(index.get(key(number))).toEqual({ offset: number * 3e9, length: number + 1 });
  }
  expect(index.get(key(7))).toEqual({ offset: 42, length: 43 });
  expect(index.get(key(100_001))).toBeUndefined();
});
