"""MinHash and LSH over passages by datasketch: FILE -> one line of JSON.

The same shingles (runs of five lower-case words), permutations and threshold as ours; CPU seconds of hashing and of
the index apart from reading.
"""

import json
import re
import sys
import time

from datasketch import MinHash, MinHashLSH

WORD = re.compile(r"\w+(?:'\w+)*")


def shingles(text):
    words = WORD.findall(text.lower())
    length = max(1, min(5, len(words)))
    return {" ".join(words[at : at + length]).encode() for at in range(len(words) - length + 1)}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = [json.loads(line)["source"]["text"] for line in file]
    start = time.process_time()
    signatures = []
    for text in texts:
        signature = MinHash(num_perm=128)
        signature.update_batch(shingles(text))
        signatures.append(signature)
    hashed = time.process_time()
    index = MinHashLSH(threshold=0.8, num_perm=128)
    near = 0
    for at, signature in enumerate(signatures):
        near += len(index.query(signature)) > 0
        index.insert(at, signature)
    end = time.process_time()
    print(json.dumps({"rows": len(texts), "hash": hashed - start, "index": end - hashed, "near": near}))


main()
