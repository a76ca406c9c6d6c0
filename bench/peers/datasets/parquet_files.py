"""Parquet files as pyarrow writes them, for the tests of module datasets.

    python bench/peers/datasets/parquet_files.py

writes datasets/src/test/resources/parquet. Made with pyarrow 26.0.1. The rows are ours.
"""

import datetime as dt
import decimal
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).resolve().parents[3] / "datasets/src/test/resources/parquet"
HERE.mkdir(parents=True, exist_ok=True)

words = pa.table({"gold": [str(i) for i in range(300)], "answer": [f"The answer is {i}. " + "So it is. " * (i % 7) for i in range(300)]})
for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    pq.write_table(words, HERE / f"{codec}.parquet", compression=codec, row_group_size=128)
pq.write_table(words, HERE / "pages_v2.parquet", compression="gzip", data_page_version="2.0", use_dictionary=False,
               column_encoding={"gold": "DELTA_BYTE_ARRAY", "answer": "DELTA_LENGTH_BYTE_ARRAY"})

pq.write_table(pa.table({
    "u8": pa.array([200, None], pa.uint8()),
    "u16": pa.array([60_000, 1], pa.uint16()),
    "u32": pa.array([3_000_000_000, 7], pa.uint32()),
    "u64": pa.array([9_223_372_036_854_775_813, 8], pa.uint64()),
    "i64": pa.array([-9_223_372_036_854_775_808, 9], pa.int64()),
    "f16": pa.array(np.array([1.5, np.nan], np.float16)),
    "f32": pa.array([0.1, float("inf")], pa.float32()),
    "f64": pa.array([0.1, float("nan")], pa.float64()),
    "money": pa.array([decimal.Decimal("12345678901234567890.25"), decimal.Decimal("-0.10")], pa.decimal128(38, 2)),
    "small": pa.array([decimal.Decimal("1.5"), None], pa.decimal128(5, 1)),
    "day": pa.array([dt.date(2026, 1, 31), dt.date(1969, 12, 31)]),
    "clock": pa.array([dt.time(12, 30, 1), None], pa.time64("us")),
    "utc": pa.array([dt.datetime(2026, 1, 31, 12, 30), dt.datetime(1960, 1, 1)], pa.timestamp("us", "UTC")),
    "local": pa.array([dt.datetime(2026, 1, 31, 12, 30, 0, 250_000), None], pa.timestamp("ms")),
    "nanos": pa.array([1_700_000_000_123_456_789, 1], pa.timestamp("ns", "UTC")),
    "truth": [True, None],
    "kind": pa.array(["a", "b"]).dictionary_encode(),
    "bytes": pa.array([b"\xff\x00", b"text"], pa.binary()),
    "uuid": pa.array([uuid.UUID(int=1).bytes, None], pa.uuid()),
}), HERE / "types.parquet")

old = pa.table({"when": pa.array([dt.datetime(2026, 1, 31, 12, 30, 0, 5)], pa.timestamp("ns"))})
pq.write_table(old, HERE / "int96.parquet", use_deprecated_int96_timestamps=True)

pq.write_table(pa.table({
    "messages": [[{"role": "user", "content": "2+2?"}, {"role": "assistant", "content": "4"}], []],
    "scores": pa.array([{"a": 1, "b": None}, {}], pa.map_(pa.string(), pa.int32())),
    "lists": [[[1, 2], [], None], None],
    "deep": [{"inner": {"list": ["x", None]}}, {"inner": None}],
}), HERE / "nested.parquet")
