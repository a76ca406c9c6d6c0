"""What transformers' apply_chat_template makes of conversations with all their fields, for our template.

    python bench/peers/text/conversations_golden.py

writes trainer/src/test/resources/conversations/golden.jsonl: rows as files hold them, and the text of each. Made with
transformers 4.57.6. The template (beside it) and the rows are ours.
"""

import json
from pathlib import Path

from transformers.utils.chat_template_utils import render_jinja_template

HERE = Path(__file__).resolve().parents[3] / "trainer/src/test/resources/conversations"
CLOCK = {"type": "function", "function": {"name": "clock", "description": "The time in a town: ü, <b>, 'x'", "parameters": {
    "type": "object", "properties": {"town": {"type": "string"}, "exact": {"type": "boolean", "default": False}}, "required": ["town"]}}}
ASK = {"role": "user", "content": "What time is it in Bern and Oslo?"}


def call(arguments, **more):
    return {"type": "function", "function": {"name": "clock", "arguments": arguments}, **more}


ROWS = {
    "plain": {"messages": [ASK, {"role": "assistant", "content": "Noon."}]},
    "tools_and_calls": {"tools": [CLOCK], "messages": [
        {"role": "system", "content": "Be brief."}, ASK,
        {"role": "assistant", "content": "I look.", "reasoning_content": "Two towns.\n", "tool_calls": [
            call({"town": "Bern", "exact": True}, id="c1"), call({"town": "Oslo"}, id="c2")]},
        {"role": "tool", "tool_call_id": "c1", "name": "clock", "content": "12:00"},
        {"role": "tool", "tool_call_id": "c2", "name": "clock", "content": "{\"time\": \"12:00\"}"},
        {"role": "assistant", "content": "Noon in both.", "reasoning_content": "Both are 12:00."}]},
    "null_content": {"tools": [CLOCK], "messages": [
        ASK, {"role": "assistant", "content": None, "tool_calls": [call('{"town":"Bern"}')]},
        {"role": "tool", "content": "12:00"}, {"role": "assistant", "content": "Noon."}]},
    "no_content": {"messages": [
        ASK, {"role": "assistant", "tool_calls": [call({})]}, {"role": "tool", "content": "12:00"},
        {"role": "assistant", "content": "Noon."}]},
    "earlier_thoughts": {"messages": [
        ASK, {"role": "assistant", "content": "Noon.", "reasoning_content": "Hm."}, {"role": "user", "content": "Sure?"},
        {"role": "assistant", "content": "Yes.", "reasoning_content": "I am."}]},
    "names": {"messages": [{"role": "user", "name": "Ann", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]},
    "variables": {"chat_template_kwargs": {"hide_thoughts": True}, "messages": [
        ASK, {"role": "assistant", "content": "Noon.", "reasoning_content": "Hm."}]},
    "documents": {"documents": [{"title": "Time", "text": "It is noon."}], "messages": [ASK, {"role": "assistant", "content": "Noon."}]},
    "weights": {"messages": [
        ASK, {"role": "assistant", "content": "Midnight.", "weight": 0}, {"role": "user", "content": "Look again."},
        {"role": "assistant", "content": "Noon.", "weight": 1}]},
}

template = (HERE / "chat_template.jinja").read_text(encoding="utf-8")
with open(HERE / "golden.jsonl", "w", encoding="utf-8") as out:
    for name, row in ROWS.items():
        text, _ = render_jinja_template(
            conversations=[row["messages"]], tools=row.get("tools"), documents=row.get("documents"), chat_template=template,
            **row.get("chat_template_kwargs", {}))
        out.write(json.dumps({"id": name, **row, "text": text[0]}, ensure_ascii=False) + "\n")
