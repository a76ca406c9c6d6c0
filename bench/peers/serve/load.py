"""Tokens per second and time to the first token of OpenAI-compatible servers under 32 clients, in turns.

    python load.py --rounds 3 ours=http://127.0.0.1:18080/v1 llama.cpp=http://127.0.0.1:18081/v1 [--clients 32] [--tokens 48]

Every round asks each server the same streamed chats, 32 at once; the first server named is what the ratios are of.
Tokens are those of `usage`, or of the events where a server sends none. What else runs on the machine changes the
figures and hardly their ratio.
"""
import argparse
import concurrent.futures
import json
import statistics
import time
import urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("servers", nargs="+", metavar="NAME=ADDRESS")
parser.add_argument("--clients", type=int, default=32)
parser.add_argument("--tokens", type=int, default=48)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()


def one(address, model, number):
    body = {"messages": [{"role": "user", "content": f"Tom has {number} apples and buys {number * 7 % 31}. Tell a story of them."}],
            "max_tokens": options.tokens, "temperature": 0, "stream": True, "stream_options": {"include_usage": True}}
    if model:
        body["model"] = model
    request = urllib.request.Request(address + "/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
    begin, first, events, tokens = time.perf_counter(), 0.0, 0, 0
    with urllib.request.urlopen(request, timeout=600) as reply:
        for line in reply:
            if not line.startswith(b"data: {"):
                continue
            event = json.loads(line[6:])
            tokens = (event.get("usage") or {}).get("completion_tokens", tokens)
            for choice in event.get("choices", []):
                if choice.get("delta", {}).get("content"):
                    events += 1
                    first = first or time.perf_counter() - begin
    return tokens or events, first


def load(address, round_number):
    try:
        model = json.load(urllib.request.urlopen(address + "/models", timeout=60))["data"][0]["id"]
    except Exception:  # a server that lists none takes any name
        model = "model"
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        found = list(pool.map(lambda n: one(address, model, n), range(round_number * 100, round_number * 100 + options.clients)))
    took = time.perf_counter() - begin
    return sum(tokens for tokens, _ in found) / took, statistics.median(first for _, first in found)


servers = [one.split("=", 1) for one in options.servers]
results = {name: [] for name, _ in servers}
for name, address in servers:
    load(address, 99)  # warm
for number in range(options.rounds):
    for name, address in servers:
        results[name].append(load(address, number))
base = statistics.median(rate for rate, _ in results[servers[0][0]])
for name, found in results.items():
    rate, first = (statistics.median(column) for column in zip(*found))
    print(f"{name}: {rate:.1f} tokens/s, median time to first token {first:.2f} s; {servers[0][0]} is {base / rate:.2f} x "
          f"(rounds {[round(one, 1) for one, _ in found]})")
