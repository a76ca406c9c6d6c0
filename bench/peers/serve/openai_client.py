"""The official OpenAI Python client, over every field that `socratic serve` documents.

    socratic serve model=FOLDER tools=FOLDER_WITH_TOOLS minilm=SENTENCE_ENCODER --port 18080
    python openai_client.py http://127.0.0.1:18080/v1 model [--tools tools] [--embed minilm]     # openai 3.57

FOLDER needs a chat template; FOLDER_WITH_TOOLS one that reads tools in Qwen's form (weights do not matter). Every line
that is printed was checked; the first that fails ends it with an AssertionError.
"""
import argparse
import json
import math
from typing import Literal

import openai
import pydantic
from openai import OpenAI

parser = argparse.ArgumentParser()
parser.add_argument("base")
parser.add_argument("model")
parser.add_argument("--tools")
parser.add_argument("--embed")
options = parser.parse_args()
client = OpenAI(base_url=options.base, api_key="unused", max_retries=0)
chat, model = client.chat.completions, options.model
ask = [{"role": "user", "content": "Name three colours."}]
count = 0


def checked(name, fits, what=""):
    global count
    assert fits, f"{name}: {what!r}"
    count += 1
    print("ok", name)


def refused(name, field, **more):
    try:
        chat.create(model=model, messages=ask, **more)
    except openai.BadRequestError as error:
        checked(name, error.param == field or field in str(error), error)
    else:
        raise AssertionError(name + " was taken")


checked("models", model in [one.id for one in client.models.list()])
checked("model", client.models.retrieve(model).id == model)
reply = chat.create(model=model, messages=ask, max_tokens=12, temperature=0)
text = reply.choices[0].message.content
checked("chat", text and reply.usage.completion_tokens <= 12 and reply.choices[0].finish_reason in ("stop", "length"), reply)
checked("max_completion_tokens", chat.create(model=model, messages=ask, max_completion_tokens=3).usage.completion_tokens <= 3)
checked("n", len({one.message.content for one in chat.create(model=model, messages=ask, n=4, seed=1, max_tokens=12,
                                                             temperature=1.5).choices}) > 1)
same = [chat.create(model=model, messages=ask, seed=7, max_tokens=12, temperature=1).choices[0].message.content for _ in range(2)]
checked("seed", same[0] == same[1], same)
word = text.split()[1]
checked("stop", word not in chat.create(model=model, messages=ask, stop=[word], max_tokens=12, temperature=0).choices[0].message.content)
stream = chat.create(model=model, messages=ask, max_tokens=12, temperature=0, stream=True, stream_options={"include_usage": True})
chunks = list(stream)
checked("stream", "".join(one.choices[0].delta.content or "" for one in chunks if one.choices) == text)
checked("stream usage", chunks[-1].usage.total_tokens == reply.usage.total_tokens)
logs = chat.create(model=model, messages=ask, max_tokens=5, temperature=0, logprobs=True, top_logprobs=3).choices[0].logprobs.content
checked("logprobs", len(logs) == 5 and all(len(one.top_logprobs) == 3 and one.logprob >= one.top_logprobs[0].logprob - 1e-4 for one in logs), logs)
streamed = [token for one in chat.create(model=model, messages=ask, max_tokens=5, temperature=0, logprobs=True, top_logprobs=3, stream=True)
            if one.choices and one.choices[0].logprobs for token in one.choices[0].logprobs.content]
checked("logprobs of a stream", [one.token for one in streamed] == [one.token for one in logs]
        and all(math.isclose(a.logprob, b.logprob, abs_tol=1e-4) for a, b in zip(streamed, logs)), streamed)
first = client.completions.create(model=model, prompt="One, two,", max_tokens=1, temperature=0, logprobs=1)
checked("completion", first.choices[0].text != "" and first.choices[0].logprobs.token_logprobs[0] < 0)
rows = client.completions.create(model=model, prompt=[[504, 260], [260]], max_tokens=2, echo=True, logprobs=2, temperature=0)
checked("token prompts with echo", len(rows.choices) == 2 and rows.choices[0].logprobs.token_logprobs[0] is None)
checked("completion stream", "".join(one.choices[0].text for one in client.completions.create(
    model=model, prompt="One, two,", max_tokens=6, temperature=0, stream=True)).startswith(first.choices[0].text))
said = client.completions.create(model=model, prompt=[504, 260, 1343], extra_body={"prompt_logprobs": 2}, max_tokens=1)
checked("prompt_logprobs", len(said.choices[0].model_extra["prompt_logprobs"]) == 3)
ids = [504, 3575, 282, 4649, 314]  # The capital of France is
likely = next(iter(client.completions.create(model=model, prompt=ids + [0], extra_body={"prompt_logprobs": 1}, max_tokens=1)
                   .choices[0].model_extra["prompt_logprobs"][-1]))
first = client.completions.create(model=model, prompt=ids, max_tokens=1, temperature=0).choices[0].text
other = client.completions.create(model=model, prompt=ids, max_tokens=1, temperature=0, logit_bias={likely: -100}).choices[0].text
checked("logit_bias", other != first, (first, other, likely))


class Person(pydantic.BaseModel):
    name: str
    born: Literal["before 1900", "after 1900"]
    tags: list[Literal["a", "b"]]


found = client.chat.completions.parse(model=model, messages=ask, response_format=Person, max_tokens=300, temperature=0)
checked("response_format json_schema", isinstance(found.choices[0].message.parsed, Person), found)
found = chat.create(model=model, messages=ask, response_format={"type": "json_object"}, max_tokens=300, temperature=0)
checked("response_format json_object", found.choices[0].finish_reason == "length" or isinstance(json.loads(found.choices[0].message.content), dict))
found = chat.create(model=model, messages=ask, extra_body={"structured_outputs": {"choice": ["red", "green"]}})
checked("choice", found.choices[0].message.content in ("red", "green"), found)
found = chat.create(model=model, messages=ask, extra_body={"guided_regex": "[0-9]{4}-[0-9]{2}"})
checked("regex", len(found.choices[0].message.content) == 7, found)
repeated = chat.create(model=model, messages=ask, max_tokens=40, temperature=0, frequency_penalty=2, presence_penalty=2)
checked("penalties", repeated.choices[0].message.content != chat.create(model=model, messages=ask, max_tokens=40, temperature=0).choices[0].message.content)
extra = chat.create(model=model, messages=ask, max_tokens=8, extra_body={
    "top_k": 5, "min_p": 0.05, "typical_p": 0.9, "repetition_penalty": 1.1, "min_tokens": 8, "stop_token_ids": [5]})
checked("vLLM's fields", extra.usage.completion_tokens == 8, extra)
checked("ignore_eos", chat.create(model=model, messages=ask, max_tokens=30, extra_body={"ignore_eos": True}).usage.completion_tokens == 30)
go_on = chat.create(model=model, messages=ask + [{"role": "assistant", "content": "Red, green and"}], max_tokens=4, temperature=0,
                    extra_body={"continue_final_message": True, "add_generation_prompt": False})
checked("continue_final_message", go_on.choices[0].message.content != "", go_on)
checked("parts", chat.create(model=model, messages=[{"role": "developer", "content": "Be brief."}, {"role": "user", "content": [
    {"type": "text", "text": "Hi"}]}], max_tokens=2, user="u", metadata={"a": "b"}, store=False).choices[0].message.role == "assistant")
refused("temperature out of range", "temperature", temperature=101)
refused("unknown field", "bananas", extra_body={"bananas": 1})
refused("too long", "", max_tokens=1, extra_body={"messages": [{"role": "user", "content": "word " * 20000}]})
try:
    chat.create(model="gpt-5", messages=ask)
    raise AssertionError("another model was taken")
except openai.NotFoundError as error:
    checked("unknown model", "gpt-5" in str(error))

if options.tools:
    tools = [{"type": "function", "function": {"name": "weather", "description": "Weather of a city", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]
    question = [{"role": "user", "content": "What is the weather in Paris?"}]
    for choice in ("auto", "none", "required", {"type": "function", "function": {"name": "weather"}}):
        reply = chat.create(model=options.tools, messages=question, tools=tools, tool_choice=choice, max_tokens=60, temperature=0)
        must = choice not in ("none", "auto")
        checked(f"tool_choice {choice}", not must or reply.choices[0].message.tool_calls or reply.choices[0].finish_reason == "length", reply)
        assert choice != "none" or reply.choices[0].message.tool_calls is None
        if reply.choices[0].message.tool_calls:
            call = reply.choices[0].message.tool_calls[0]
            print("   ", call.function.name, call.function.arguments, reply.choices[0].finish_reason)
            whole = [one.choices[0].delta for one in chat.create(model=options.tools, messages=question, tools=tools, tool_choice=choice,
                                                                 max_tokens=60, temperature=0, stream=True) if one.choices]
            deltas = [one for delta in whole for one in delta.tool_calls or []]
            checked("tool calls of a stream", "".join(one.function.arguments for one in deltas) == call.function.arguments)
            after = question + [reply.choices[0].message.model_dump(exclude_none=True),
                                {"role": "tool", "tool_call_id": call.id, "content": "Sunny, 21 degrees."}]
            checked("tool result", chat.create(model=options.tools, messages=after, tools=tools, max_tokens=10).choices[0].message.role == "assistant")

if options.embed:
    texts = ["a cat", "a kitten", "stock markets"]
    coded = client.embeddings.create(model=options.embed, input=texts)          # the client asks for base64 by itself
    plain = client.embeddings.create(model=options.embed, input=texts, encoding_format="float")
    checked("embeddings", all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(coded.data[0].embedding, plain.data[0].embedding)))
    dot = lambda i, j: sum(a * b for a, b in zip(coded.data[i].embedding, coded.data[j].embedding))
    checked("a cat is more of a kitten than of a stock market", dot(0, 1) > dot(0, 2), (dot(0, 1), dot(0, 2)))
    try:
        client.embeddings.create(model=options.embed, input="a", dimensions=8)
        raise AssertionError("dimensions were taken")
    except openai.BadRequestError as error:
        checked("dimensions", error.param == "dimensions")
print(count, "checks")
