import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packHashes, unpackHashes } from '../../../distill/decontaminate/packed-hashes.ts';

it('packed hashes come back as they were', () => {
  const hash = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(fc.array(fc.array(hash)), (lists) => {
      const packed = packHashes(lists.map((list) => Float64Array.from(list)));
      expect([...unpackHashes(packed)]).toEqual(lists.flat());
    }),
  );
});
