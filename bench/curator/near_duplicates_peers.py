"""The job of NearDuplicates.java with other tools, one a process: pairs of words, threshold 0.8, about 128 permutations.

    python near_duplicates_peers.py TOOL ROWS.json    ->  a line of JSON: rows, processor seconds, peak MB, dropped rows

Texts come cut into words, joined by one blank. Processor seconds are those of the process and its children between the
texts and the list of dropped rows, imports left out. Each tool keeps one row of a cluster as it does by itself
(datasketch: one that no earlier kept row was proposed for), and none of them compares the texts of a proposed pair.
"""
import json
import os
import resource
import sys
import tempfile

TOOL, ROWS = sys.argv[1], sys.argv[2]
texts = json.load(open(ROWS, encoding="utf-8"))


def processor():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak():
    """Megabytes of this process; what its parent had before it does not count, as it does in ru_maxrss."""
    line = next(one for one in open("/proc/self/status", encoding="ascii") if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def datasketch():
    from datasketch import MinHash, MinHashLSH
    begun = processor()
    index, dropped = MinHashLSH(threshold=0.8, num_perm=128), []
    for number, text in enumerate(texts):
        words = text.split(" ")
        hashes = MinHash(num_perm=128)
        hashes.update_batch({" ".join(words[i:i + 2]).encode() for i in range(max(1, len(words) - 1))})
        if index.query(hashes):
            dropped.append(number)
        else:
            index.insert(number, hashes)
    return begun, dropped, f"{index.b} x {index.r}"


def text_dedup():
    import re
    import numpy as np
    from text_dedup.minhash import embed_func, optimal_param, UnionFind, xxh3_32hash
    from collections import defaultdict
    begun = processor()
    bands, rows = optimal_param(0.8, 128)
    prime, most = np.uint64((1 << 61) - 1), np.uint64((1 << 32) - 1)
    random = np.random.RandomState(42)
    permutations = (random.randint(1, prime, size=(128,), dtype=np.uint64),
                    random.randint(0, prime, size=(128,), dtype=np.uint64))
    tables, found = [defaultdict(set) for _ in range(bands)], UnionFind()
    for number, text in enumerate(texts):
        made = embed_func(text, number, num_perm=128, ngram_size=2, min_length=1,
                          hashranges=[(i * rows, (i + 1) * rows) for i in range(bands)], permutations=permutations,
                          hash_func=xxh3_32hash, dtype=np.uint64, max_hash=most, modulo_prime=prime)
        for signature, table in zip(made["__signatures__"], tables):
            table[signature].add(number)
    for table in tables:
        for cluster in table.values():
            least = min(cluster)
            for number in cluster:
                found.union(number, least)
    return begun, [n for n in range(len(texts)) if found.find(n) != n], f"{bands} x {rows}"


def data_juicer():
    from data_juicer.ops.deduplicator.document_minhash_deduplicator import DocumentMinhashDeduplicator
    from datasets import Dataset
    begun = processor()
    op = DocumentMinhashDeduplicator(tokenization="space", window_size=2, lowercase=False, num_permutations=128,
                                     jaccard_threshold=0.8)
    data = Dataset.from_dict({"text": texts, "n": list(range(len(texts)))})
    kept, _ = op.process(data.map(op.compute_hash), show_num=0)
    left = set(kept["n"])
    return begun, [n for n in range(len(texts)) if n not in left], f"{op.num_bands} x {op.num_rows_per_band}"


def datatrove():
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.base import PipelineStep
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from datatrove.utils.typeshelper import Languages
    folder = tempfile.mkdtemp()

    class Read(PipelineStep):
        def run(self, data=None, rank=0, world_size=1):
            for number, text in enumerate(texts):
                yield Document(text=text, id=str(number))

    config = MinhashConfig(n_grams=2, num_buckets=21, hashes_per_bucket=6)
    begun = processor()
    steps = [
        ([Read(), MinhashDedupSignature(output_folder=f"{folder}/s", config=config, language=Languages.english)], 1),
        ([MinhashDedupBuckets(input_folder=f"{folder}/s", output_folder=f"{folder}/b", config=config)], 21),
        ([MinhashDedupCluster(input_folder=f"{folder}/b", output_folder=f"{folder}/c", config=config)], 1),
        ([Read(), MinhashDedupFilter(input_folder=f"{folder}/c"),
          JsonlWriter(f"{folder}/k", compression=None)], 1)]
    for number, (pipeline, tasks) in enumerate(steps):
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=f"{folder}/l{number}").run()
    left = {int(json.loads(line)["id"]) for name in os.listdir(f"{folder}/k")
            for line in open(f"{folder}/k/{name}", encoding="utf-8")}
    return begun, [n for n in range(len(texts)) if n not in left], "21 x 6"


begun, dropped, banding = {"datasketch": datasketch, "text-dedup": text_dedup, "data-juicer": data_juicer,
                           "datatrove": datatrove}[TOOL]()
print(json.dumps({"tool": TOOL, "rows": len(texts), "seconds": processor() - begun, "banding": banding,
                  "peak_mb": peak(), "dropped": dropped}))
