"""The same job as NearDuplicates.java with datasketch: 128 permutations, its own choice of bands, no verification, first of its kind stays."""
import json
import sys
import time

from datasketch import MinHash, MinHashLSH

texts = [row.split(" ") for row in json.load(open(sys.argv[1], encoding="utf-8"))]
start = time.perf_counter()
index = MinHashLSH(threshold=0.8, num_perm=128)
dropped = 0
for number, words in enumerate(texts):
    hashes = MinHash(num_perm=128)
    hashes.update_batch({" ".join(words[i : i + 2]).encode() for i in range(max(1, len(words) - 1))})
    if index.query(hashes):
        dropped += 1
    else:
        index.insert(number, hashes)
rate = len(texts) / (time.perf_counter() - start)
print(f"datasketch {len(texts)} rows, dropped {dropped}, {rate:.0f} rows/s, {index.b} x {index.r} hashes, not verified")
