r"""Small templates and what the reference renders, for `dev.socratic.core.template`.

Made with Python 3.11, transformers 5.23.0 (its own jinja environment: immutable sandbox, trim_blocks, lstrip_blocks, loop controls,
generation blocks), jinja2 3.1.6.

    pip install transformers==5.23.0 jinja2==3.1.6
    python bench/peers/text/template_golden.py core/src/test/resources/template/golden.json
"""

import json
import pathlib
import sys

from transformers.utils.chat_template_utils import _compile_jinja_template

CONTEXT = {
    "s": "Hello World",
    "u": "naïve 日本 😀!",
    "n": 7,
    "x": 2.5,
    "t": True,
    "nothing": None,
    "items": [3, 1, 2],
    "words": ["b", "A", "c", "a"],
    "d": {"b": 1, "a": "zwei", "c": [1, {"k": None}]},
    "people": [{"name": "Ana", "age": 30}, {"name": "ben", "age": 5, "tags": ["x"]}, {"name": "Cleo", "age": 30}],
    "messages": [
        {"role": "system", "content": " Sys \n"},
        {"role": "user", "content": "Hi & <b> \"q\" 'p'"},
        {"role": "assistant", "content": "<think>\nno\n</think>\n\nYes"},
    ],
    "text": "a\nb\n\n  c",
    "nested": {"list": [[1, 2], [3]], "empty": [], "none": None, "f": 1e20, "g": 1.0, "h": 1e-7, "e": {}},
}

SOURCES = [
    # whitespace
    "a\n{% if t %}\nb\n{% endif %}\nc\n",
    "a\n  {% if t %}  \n  b\n  {%- endif +%}\nc\n\n",
    "  {%+ if t %}x{% endif %}  {# c #}\n y {{- ' z ' -}} \n w",
    "{% raw %}{{ no }}{% endraw %}\n{%- raw -%}\n  {% if %} \n{%- endraw -%}\n  end",
    "{#- c -#}  a  {# d\n #}\n b",
    "{% for i in items %}\n  {{ i }}\n{% endfor %}\n",
    "x\r\ny\r{{ '\\n' }}z\n",
    "{{ 'a' }}\n{{ 'b' }}\n\n",
    "\t{% set q = 1 %}\t{{ q }}",
    "{%- for m in messages -%}\n    {{- m.role }}: {{ m.content | trim }}\n{% endfor -%}\n   z",
    # literals and operators
    "{{ 1 + 2 * 3 - 4 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 ** 2 }} {{ 2 ** -1 }} {{ 1_000 + 0x1F + 0b11 + 0o7 }}",
    "{{ 1.0 }} {{ 1e3 }} {{ 1.5e-7 }} {{ 1e16 }} {{ 123456789012345678.0 }} {{ 0.1 + 0.2 }} {{ 100000.0 * 3 }} {{ 1e22 }} {{ -0.0 }}",
    "{{ 'a' 'b' }} {{ 'x' * 3 }} {{ [1] + [2, 'b'] }} {{ (1, 2) + (3,) }} {{ [0] * 2 }} {{ 'é\\t\\x41\\u00e9\\'' }} {{ \"it's\" }}",
    "{{ true }} {{ True }} {{ none }} {{ [none, true, 'a\\'b', \"q\\\"\", 'b\\n'] }} {{ {'a': 1, 2: (1,), none: ()} }} {{ d }}",
    "{{ not t }} {{ t and n }} {{ nothing or 'z' }} {{ 0 or '' }}| {{ t and not nothing }} {{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 1 == 1.0 }}",
    "{{ 'a' in s }} {{ 'World' in s }} {{ 2 in items }} {{ 'a' in d }} {{ 'q' not in d }} {{ 1 in (1, 2) }} {{ not 1 in [2] }}",
    "{{ s ~ n ~ none ~ x ~ [1, 'a'] }} {{ 'a' ~ 1 + 2 }}",
    "{{ 'yes' if t else 'no' }} {{ 'yes' if nothing }}| {{ 1 if nothing else 2 if nothing else 3 }}",
    "{{ 'b' > 'a' }} {{ [1, 2] < [1, 3] }} {{ (1, 2) == (1, 2) }} {{ [1] == (1,) }} {{ {'a': [1]} == {'a': [1]} }} {{ true == 1 }} {{ none == false }}",
    "{{ -n }} {{ +n }} {{ - x }} {{ -1|abs }} {{ -n|abs }} {{ 5 - -3 }}",
    "{{ '%s is %d of %05.1f%%' % ('a', 3.7, 2.25) }} {{ '%s' % s }} {{ '%r' % 'q' }} {{ '{} {1} {x}'.format(1, 2, x=3) if false else '{} {}'.format('a', 1) }}",
    "{{ 'n: {n:03d} {f:.2f}'.format(n=7, f=1.239) }}",
    # subscripts and slices
    "{{ s[0] }} {{ s[-1] }} {{ s[1:4] }} {{ s[:-3] }} {{ s[::-1] }} {{ s[::2] }} {{ items[1:] }} {{ items[::-1] }} {{ items[5:] }} {{ items[-2:] }} {{ items[3:0:-1] }}",
    "{{ u[6:8] }} {{ u[9] }} {{ u|length }} {{ u[::-1] }} {{ s[100:] }}| {{ (1,2,3)[1:] }}",
    "{{ d.a }} {{ d['a'] }} {{ d.c[1].k }} {{ d.zz }}| {{ d['zz'] }}| {{ items.0 }} {{ items[9] }}| {{ people[0].name }} {{ d.get('zz', 'dflt') }} {{ d.get('zz') }}",
    "{{ messages[-1]['content'].split('</think>')[-1].lstrip('\\n') }}",
    "{{ d['items'] is defined }} {{ d.items is defined }} {{ {'items': 1}['items'] }} {{ {'items': 1}.items is callable }}",
    # string methods
    "{{ '  a b '.strip() }}|{{ 'xxaxx'.strip('x') }}|{{ ' a '.lstrip() }}|{{ ' a '.rstrip() }}|{{ 'abcba'.rstrip('ab') }}",
    "{{ 'a,b,,c'.split(',') }} {{ ' a  b\\tc '.split() }} {{ 'a,b,c'.split(',', 1) }} {{ 'a b c'.split(none, 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ''.split() }} {{ ''.split(',') }}",
    "{{ s.startswith('He') }} {{ s.endswith('x') }} {{ s.endswith(('x', 'ld')) }} {{ s.upper() }} {{ s.lower() }} {{ 'ab cd-ef'.title() }} {{ 'aB'.capitalize() }}",
    "{{ s.replace('l', 'L') }} {{ s.replace('l', 'L', 1) }} {{ 'ab'.replace('', '-') }} {{ s.find('World') }} {{ s.find('q') }} {{ s.rfind('o') }} {{ s.count('l') }} {{ s.index('W') }}",
    "{{ ', '.join(['a', 'b']) }} {{ 'a'.isdigit() }} {{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ ' '.isspace() }} {{ 'A'.isupper() }} {{ 'a1'.isalnum() }}",
    "{{ 'abc'.removeprefix('a') }} {{ 'abc'.removesuffix('c') }} {{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ 'a\\nb\\r\\nc\\n'.splitlines() }}",
    "{{ 'ab'.center(7, '*') }} {{ 'ab'.ljust(4) }}| {{ 'ab'.rjust(4, '.') }} {{ 'abc'.center(6, '*') }}",
    # dict and list methods
    "{{ d.keys()|list }} {{ d.values()|list }} {{ d.items()|list }}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}",
    "{{ items.index(1) }} {{ items.count(2) }} {{ (1, 1).count(1) }}",
    # tests
    "{{ s is string }} {{ n is number }} {{ n is integer }} {{ x is float }} {{ t is boolean }} {{ d is mapping }} {{ items is iterable }} {{ items is sequence }} {{ d is iterable }} {{ s is iterable }}",
    "{{ zz is defined }} {{ zz is undefined }} {{ zz is not defined }} {{ nothing is none }} {{ t is true }} {{ t is false }} {{ t is integer }} {{ n is odd }} {{ n is even }} {{ n is divisibleby 7 }} {{ n is divisibleby(2) }}",
    "{{ 1 is eq 1 }} {{ 1 is ne 1 }} {{ 2 is gt 1 }} {{ 2 is le(1) }} {{ 2 is in [1, 2] }} {{ 'A' is upper }} {{ 'a' is lower }} {{ none is sameas none }} {{ not s is string }} {{ s is string and n is string }}",
    "{{ items is string or items is iterable }} {{ 'a' if zz is defined else 'b' }} {{ range is callable }} {{ strftime_now is defined }} {{ 'trim' is filter }} {{ 'odd' is test }}",
    "{{ 1 + 2 is number }}",
    # filters
    "{{ d|tojson }} {{ s|tojson }} {{ messages[1].content|tojson }} {{ u|tojson }} {{ none|tojson }} {{ 1.0|tojson }} {{ 1e20|tojson }} {{ (1, 2)|tojson }} {{ true|tojson }}",
    "{{ nested|tojson(indent=2) }}\n{{ nested|tojson(indent=4, sort_keys=true) }}\n{{ [1, [], {}]|tojson(indent=1) }}",
    "{{ d|tojson(separators=(',', ':')) }} {{ d|tojson(indent=2, separators=(',', ': ')) }} {{ u|tojson(ensure_ascii=true) }} {{ {1: 2, none: 3}|tojson }} {{ 'a\\x01\\x7f\\b'|tojson }}",
    "{{ '  a '|trim }}|{{ 'xax'|trim('x') }}|{{ s|length }} {{ items|count }} {{ d|length }} {{ s|upper|lower }} {{ 'a b-c'|title }} {{ 'hELLO'|capitalize }}",
    "{{ zz|default('D') }} {{ ''|default('D') }}| {{ ''|default('D', true) }} {{ nothing|default('D') }} {{ nothing|d('D', boolean=true) }} {{ zz.a|default('D') if zz else 'E' }}",
    "{{ items|join }} {{ items|join(', ') }} {{ people|join('-', attribute='name') }} {{ [none, true, 1.5]|join('/') }} {{ 'abc'|join('.') }}",
    "{{ people|map(attribute='name')|list }} {{ people|map(attribute='tags.0', default='-')|list }} {{ words|map('upper')|join }} {{ words|map('replace', 'a', 'z')|list }}",
    "{{ items|select('odd')|list }} {{ items|reject('odd')|list }} {{ [0, 1, '']|select|list }} {{ people|selectattr('age', 'equalto', 30)|map(attribute='name')|list }} {{ people|selectattr('tags', 'defined')|list|length }} {{ people|rejectattr('tags')|list|length }} {{ items|select('gt', 1)|list }}",
    "{{ items|sort }} {{ words|sort }} {{ words|sort(case_sensitive=true) }} {{ words|sort(reverse=true) }} {{ people|sort(attribute='age')|map(attribute='name')|list }} {{ people|sort(attribute='age,name')|list|length if false }}",
    "{{ items|first }} {{ items|last }} {{ items|min }} {{ items|max }} {{ items|sum }} {{ people|sum(attribute='age') }} {{ people|max(attribute='age') }} {{ []|first }}|{{ s|first }}{{ s|last }}",
    "{{ words|unique|list }} {{ [1, 1, 2]|unique|list }} {{ items|reverse|list }} {{ s|reverse }} {{ d|dictsort }} {{ d|items|list }} {{ s|list }}",
    "{{ '3.7'|int }} {{ 'x'|int }} {{ 'x'|int(5) }} {{ '0x1f'|int(base=16) if false else 31 }} {{ 3.9|int }} {{ '2.5'|float }} {{ 'q'|float }} {{ -3|abs }} {{ 2.567|round(2) }} {{ 2.5|round }} {{ 2.1|round(method='ceil') }} {{ 7|string + 'a' }}",
    "{{ text|indent }}|{{ text|indent(2, true) }}|{{ text|indent(2, blank=true) }}|{{ text|indent('> ') }}",
    "{{ 'one two three four'|truncate(12) }} {{ 'one two three'|truncate(8, true, '~', 0) }} {{ 'a b  c'|wordcount }} {{ 'ab'|center(6) }}| {{ '%s-%s'|format(1, 'b') }} {{ 'a b/c?ü'|urlencode }}",
    "{{ [1, 2, 3, 4, 5]|batch(2)|list }} {{ [1, 2, 3]|batch(2, 0)|list }} {{ [1, 2, 3, 4, 5]|slice(2)|list }} {{ [1, 2, 3, 4, 5]|slice(3, 'x')|list }}",
    "{% for age, group in people|groupby('age') %}{{ age }}:{{ group|map(attribute='name')|join(',') }};{% endfor %}",
    "{{ 'a'|replace('a', 'b') }} {{ 12|replace('1', 'x') }} {{ '<a href=\"x\">'|escape|string }} {{ s|safe }} {{ d|attr('zz') }}|",
    # statements
    "{% if n == 1 %}a{% elif n == 7 %}b{% else %}c{% endif %}{% if zz %}d{% endif %}{% if not zz %}e{% endif %}",
    "{% for i in items %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}",
    "{% for i in [] %}x{% else %}empty{% endfor %}{% for i in zz %}x{% else %}undef{% endfor %}{% for i in items if i > 1 %}{{ loop.index }}:{{ i }}/{{ loop.length }} {% endfor %}",
    "{% for i in range(5) %}{% if i == 1 %}{% continue %}{% endif %}{% if i == 3 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in range(3) %}{{ loop.cycle('a', 'b') }}{{ loop.changed(i // 2) }}{% for j in 'xy' %}{{ loop.index }}{{ j }}{% endfor %}{{ loop.index }}{% endfor %}",
    "{% for i in [1, [2, [3]]] recursive %}{% if i is iterable %}<{{ loop(i) }}>{% else %}{{ i }}@{{ loop.depth }}{% endif %}{% endfor %}",
    "{% set a = 1 %}{% for i in items %}{% set a = a + i %}{{ a }},{% endfor %}{{ a }}",
    "{% set ns = namespace(a=1, b='x') %}{% for i in items %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}{{ ns.b }}{{ ns.zz }}|",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, 2 %}{{ c }}{% set (p, q) = 'xy' %}{{ p }}{{ q }}{% for (a, (b, c)) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% set b %}  x {{ n }}\n{% endset %}[{{ b }}]{% set c | trim | upper %}  y {% endset %}[{{ c }}]",
    "{% if t %}{% set inside = 5 %}{% endif %}{{ inside }}{% for i in [1] %}{% set gone = 1 %}{% endfor %}{{ gone }}|",
    "{% macro m(a, b='B', c=none) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m() }}{{ m.name }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, z=4) }}{{ m(*[1, 2], **{'q': 1}) }}",
    "{% macro f(k) %}{{ k }}{% if k > 0 %}{{ f(k - 1) }}{% endif %}{% endmacro %}{{ f(3) }}{{ f(2)|length }}{{ f(1) == '10' }}",
    "{% set g = 'G' %}{% macro m() %}{{ g }}{{ loop }}{% endmacro %}{% for i in [1] %}{{ m() }}{% endfor %}{% set g = 'H' %}{{ m() }}",
    "{% macro wrap(tag) %}<{{ tag }}>{{ caller('in') }}</{{ tag }}>{% endmacro %}{% call(x) wrap('b') %}{{ x }}{{ n }}{% endcall %}",
    "{% filter upper %}a{{ s }}{% endfilter %}{% filter replace('a', 'b')|trim %} aa {% endfilter %}",
    "{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}{{ a }}|",
    "{% generation %}a{{ n }}{% endgeneration %}b{% for i in items %}{% generation %}{{ i }}{% endgeneration %}-{% endfor %}",
    "{{ dict(a=1, **{'b': 2}) }} {{ dict([('x', 1)]) }} {{ range(1, 10, 3)|list }} {{ range(3, 0, -1)|list }} {{ range(0)|list }}",
    "{{ zz }}{{ zz|length }}{{ zz|list }}{{ 'a' in zz }}{{ zz|string }}{{ zz|upper }}{{ zz == zz2 }}{{ zz|join }}",
    # what must fail
    "{{ zz.a }}", "{{ zz + 1 }}", "{{ zz() }}", "{{ zz[0] }}", "{{ 'a' + 1 }}", "{{ 1 + 'a' }}", "{{ d + 'a' }}", "{{ [] + 'a' }}",
    "{{ nothing.a.b }}", "{{ nothing + 'a' }}", "{{ 1 in 'abc' }}", "{{ 'a' in 5 }}", "{% for i in 5 %}{% endfor %}", "{{ 5|length }}",
    "{{ 1 < 'a' }}", "{{ zz < 1 }}", "{{ zz|tojson }}", "{{ raise_exception('no ' ~ n) }}", "{{ items.append(1) }}", "{{ d.update({}) }}",
    "{% set d.x = 1 %}", "{{ s.nope() }}", "{{ n() }}", "{% set a, b = items %}", "{{ {[1]: 2} }}", "{{ 'a'|nofilter }}", "{{ 'a' is notest }}",
    "{% if %}{% endif %}", "{% for i in items %}", "{{ 1 + }}", "{{ 'a }}", "{% nope %}", "{% endif %}", "{{ a b }}", "{{ (1 }}", "{% break %}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(q=2) }}", "{{ ','.join([1]) }}",
    "{{ 's'.split('') }}", "{{ s.index('q') }}", "{{ items[::0] }}", "{{ range(1000000000)|length }}", "{{ 1 / 0 }}", "{{ -'a' }}",
    "{{ s.startswith(1) }}", "{{ d.a.b.c }}", "{# open", "{{ nothing|join }}", "{{ 'abc' % 1 }}", "{{ '%d' % 'a' }}", "{{ d.c.k.z }}",
    "{{ messages[7].role }}", "{{ messages[7]['role'] }}", "{{ x[0] }}", "{{ s.a }}|", "{{ nothing|length }}", "{{ (none|trim) }}|", "{{ d|dictsort(by='value') }}",
]


def run(source):
    try:
        return {"rendered": _compile_jinja_template(source).render(**CONTEXT)}
    except Exception as raised:  # noqa: BLE001 - whatever it raises is the figure
        return {"raises": type(raised).__name__}


if __name__ == "__main__":
    cases = [{"source": source, **run(source)} for source in SOURCES]
    golden = {"context": CONTEXT, "cases": cases}
    pathlib.Path(sys.argv[1]).write_text(json.dumps(golden, ensure_ascii=True, indent=1) + "\n")
    print(len(cases), "cases,", sum("raises" in case for case in cases), "of them raise")
