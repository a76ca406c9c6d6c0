r"""The same templates, and some more, where undefined values are strict, and the names each takes from its context.

Made with Python 3.11, transformers 4.57.6 (its own jinja environment, with `StrictUndefined`), jinja2 3.1.6.

    pip install transformers==4.57.6 jinja2==3.1.6
    python bench/peers/text/strict_golden.py core/src/test/resources/template/strict_golden.json
"""

import json
import pathlib
import sys

from jinja2 import StrictUndefined, TemplateSyntaxError, meta
from template_golden import CONTEXT, SOURCES
from transformers.utils.chat_template_utils import _compile_jinja_template

ENVIRONMENT = _compile_jinja_template("").environment.overlay(undefined=StrictUndefined)

MORE = [
    # used where nothing is
    "{{ zz }}", "{{ s.zz }}", "{{ d.zz }}", "{{ d['zz'] }}", "{{ items[9] }}", "{% if zz %}a{% endif %}", "{{ not zz }}", "{{ zz == 1 }}",
    "{{ 1 == zz }}", "{{ zz in items }}", "{{ 'a' in zz }}", "{% for i in zz %}{% endfor %}", "{{ zz ~ 'a' }}", "{{ zz|length }}", "{{ zz|upper }}",
    "{{ zz|join }}", "{{ zz and 1 }}", "{{ zz or 1 }}", "{{ 1 if zz else 2 }}", "{{ 'a' if nothing }}|", "{{ zz|items|list }}", "{{ [zz] }}",
    "{{ zz|default('q') }}", "{{ d.zz|d('q') }}", "{{ 1 if zz is defined else 2 }}", "{{ 1 if d.zz is undefined else 2 }}", "{{ []|first }}",
    "{{ people|map(attribute='tags', default='-')|list }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m() }}",
    # where a name comes from
    "{% if t %}{% set q = 1 %}{% endif %}{{ q }}",
    "{% set q = s %}{{ q }}{{ range(2)|list }}{% set q = q ~ 'a' %}{{ q }}", "{% for i in items %}{{ i }}{{ loop.index }}{% endfor %}",
    "{% for a, b in d.items() %}{{ a }}{% endfor %}", "{% for i in items if i > n %}{{ i }}{% else %}{{ u }}{% endfor %}",
    "{% macro m(a, b=n) %}{{ a ~ b ~ s }}{% endmacro %}{{ m(1) }}", "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ x }}{% endcall %}",
    "{% with a = n, b = s %}{{ a ~ b }}{% endwith %}", "{% filter upper %}{{ s }}{% endfilter %}", "{% set q %}{{ s }}{% endset %}{{ q }}",
    "{% set q | replace('l', 'm') %}{{ s }}{% endset %}{{ q }}", "{% set ns = namespace(a=n) %}{% set ns.a = x %}{{ ns.a }}",
    "{{ people|selectattr('age', 'gt', n)|map(attribute='name')|join(s) }}", "{{ d[words[1]|lower] }}", "{{ dict(a=n, **{words[0]: x}).b }}", "{{ items[n - 6:n] }}",
    "{{ s if n < x else u }}", "{% generation %}{{ s }}{% endgeneration %}", "{{ q }}{% set q = 1 %}{{ q }}",
]


def run(source):
    try:
        made = ENVIRONMENT.from_string(source)
    except (TemplateSyntaxError, SyntaxError) as raised:
        return {"raises": type(raised).__name__}
    names = {"names": sorted(meta.find_undeclared_variables(ENVIRONMENT.parse(source)))}
    try:
        return {"rendered": made.render(**CONTEXT), **names}
    except Exception as raised:  # noqa: BLE001 - whatever it raises is the figure
        return {"raises": type(raised).__name__, **names}


if __name__ == "__main__":
    cases = [{"source": source, **run(source)} for source in SOURCES + MORE]
    pathlib.Path(sys.argv[1]).write_text(json.dumps({"cases": cases}, ensure_ascii=True, indent=1) + "\n")
    print(len(cases), "cases,", sum("raises" in case for case in cases), "of them raise")
