"""Renders chat templates with Jinja itself, set up as transformers sets it up, and writes what came out.

    python3 make_templates.py > templates.json        (Jinja 3.1.6)
"""
import json
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment

CHATML = """{% for message in messages %}
{{ '<|im_start|>' + message['role'] + '\\n' + message.content + '<|im_end|>' + '\\n' }}
{% endfor %}
{% if add_generation_prompt %}
{{ '<|im_start|>assistant\\n' }}
{% endif %}
"""

THINKING = """{#- The paper's template in small. -#}
{%- for message in messages -%}
    {%- if message.role == 'user' -%}
        <|user|>{{ message.content | trim }}
    {%- elif message.role == "assistant" -%}
        <|assistant|>{{ message.content }}{{ eos_token }}
    {%- else -%}
        {{ raise_exception('no role ' ~ message.role) }}
    {%- endif -%}
    {%- if not loop.last %}

{% endif -%}
{%- endfor -%}
{%- if add_generation_prompt %}
<|assistant|><think>
{% endif -%}
"""

EVERYTHING = """{{ bos_token }}{% set sep = ' / ' %}
  {% if messages[0].role == 'system' and false %}never{% endif %}
a   {% if messages[0]['role'] == 'system' %} in line {% else %} no system {% endif %}  b
\t{% set first = messages[0] %}
{% for m in messages %}
    {{ loop.index0 }}{{ sep }}{{ loop.index ~ '/' ~ loop.length }} {{ m.role == 'user' }}
  {%- if loop.first or loop.last %} edge{% endif %}
{% set sep = ' changed ' %}
{% endfor %}
{{ sep }}{{ first.content ~ 1 + '2' ~ 3 }}|{{ '  x ' | trim }}|{{ 'b' in 'abc' }}|{{ 'z' not in 'abc' }}|{{ none }}|{{ not true }}
{{ messages[-1].content }}{{ 'last line' or 'never' }}{{ '' or "else" }} { not a tag } {{- '\\t"tab"' -}}

end

"""

TALK = [{"role": "user", "content": "  2+3? \n"}, {"role": "assistant", "content": "<think>\n5</think>5"}]
TURNS = TALK + [{"role": "user", "content": "¿Y 4+4?"}, {"role": "assistant", "content": "<think>\n8</think>8"}]


def raise_exception(message):
    raise ValueError(message)


def render(template, messages, add_generation_prompt):
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = raise_exception
    return environment.from_string(template).render(
        messages=messages, add_generation_prompt=add_generation_prompt, bos_token="<s>", eos_token="</s>")


cases = [
    {"name": f"{name}, {len(messages)} turns{', prompt' if prompt else ''}", "template": template,
     "messages": messages, "add_generation_prompt": prompt, "rendered": render(template, messages, prompt)}
    for name, template in [("chatml", CHATML), ("thinking", THINKING), ("everything", EVERYTHING)]
    for messages in [TALK[:1], TALK, TURNS]
    for prompt in [False, True]
]
json.dump(cases, sys.stdout, ensure_ascii=False, indent=1)
print()
