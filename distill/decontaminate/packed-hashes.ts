const BYTES = 7;
const LOW = 2 ** 32;

/** Hashes below 2^53 as base64, seven bytes each (the four low ones, then the three high ones, little-endian). */
export function packHashes(lists: readonly Float64Array[]): string {
  const bytes = Buffer.alloc(lists.reduce((sum, list) => sum + list.length, 0) * BYTES);
  let offset = 0;
  for (const list of lists) {
    for (const hash of list) {
      bytes.writeUInt32LE(hash % LOW, offset);
      bytes.writeUIntLE(Math.floor(hash / LOW), offset + 4, 3);
      offset += BYTES;
    }
  }
  return bytes.toString('base64');
}

/** What packHashes packed, as one list. */
export function unpackHashes(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  const hashes = new Float64Array(Math.floor(bytes.length / BYTES));
  for (let index = 0; index < hashes.length; index += 1) {
    const offset = index * BYTES;
    hashes[index] = bytes.readUInt32LE(offset) + bytes.readUIntLE(offset + 4, 3) * LOW;
  }
  return hashes;
}
