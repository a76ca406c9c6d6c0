#!/usr/bin/env python3
"""An OpenAI-compatible endpoint that adds, answers after a while, and turns requests away. Standard library only.

  limited_endpoint.py PORT [--latency 0.15] [--share 0.1] [--per-second 0] [--retry-after 1]

--share      turned away at random, as a fleet of which single machines are full does
--per-second an account's limit (a bucket of two seconds), as one key has
GET /stats   requests, answers, refusals, the most on the wire at once

Measured with it: `socratic generate` of 1,600 sums at concurrency 16 (docs/LOG.md, "Rate limits").
"""
import argparse, asyncio, json, random, re, time

ap = argparse.ArgumentParser()
ap.add_argument("port", type=int)
ap.add_argument("--latency", type=float, default=0.15)
ap.add_argument("--share", type=float, default=0.0)
ap.add_argument("--per-second", type=float, default=0.0)
ap.add_argument("--retry-after", type=float, default=1.0)
A = ap.parse_args()
stats = {"requests": 0, "answers": 0, "refusals": 0, "most": 0}
now_on_wire, tokens, filled = 0, 2 * A.per_second, time.monotonic()


def refused():
    global tokens, filled
    if A.per_second:
        t = time.monotonic()
        tokens, filled = min(2 * A.per_second, tokens + (t - filled) * A.per_second), t
        if tokens < 1:
            return True
        tokens -= 1
    return random.random() < A.share


async def handle(reader, writer):
    global now_on_wire
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
            length = re.search(r"(?i)content-length: (\d+)", head)
            body = await reader.readexactly(int(length.group(1)) if length else 0)
            code, extra, out = 200, "", stats
            if not head.startswith("GET /stats"):
                stats["requests"] += 1
                now_on_wire += 1
                stats["most"] = max(stats["most"], now_on_wire)
                if refused():
                    stats["refusals"] += 1
                    code, extra, out = 429, f"Retry-After: {A.retry_after:g}\r\n", {"error": {"message": "slow down"}}
                else:
                    await asyncio.sleep(A.latency)
                    stats["answers"] += 1
                    a, b = map(int, re.findall(r"(\d+) \+ (\d+)", json.loads(body)["messages"][-1]["content"])[-1])
                    out = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": f"The answer is {a + b}."}}],
                           "usage": {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32}}
                now_on_wire -= 1
            data = json.dumps(out).encode()
            writer.write(f"HTTP/1.1 {code} X\r\nContent-Type: application/json\r\n{extra}Content-Length: {len(data)}\r\n\r\n".encode() + data)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    async with await asyncio.start_server(handle, "127.0.0.1", A.port, backlog=1024) as server:
        await server.serve_forever()


asyncio.run(main())
