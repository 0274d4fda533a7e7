"""Each construct of templates by itself, with the traps that we know of. One string is one template."""

EXPRESSIONS = r"""
1 + 2 * 3 - 4
7 // 2 ~ '/' ~ -7 // 2 ~ '/' ~ 7 % 3 ~ '/' ~ -7 % 3 ~ '/' ~ 7 % -3
7 / 2 ~ ' ' ~ 6 / 2 ~ ' ' ~ 7.5 // 2 ~ ' ' ~ -7.5 % 2
2 ** 10 ~ ' ' ~ 2 ** -1 ~ ' ' ~ -2 ** 2
1.0 ~ ' ' ~ 0.1 ~ ' ' ~ 100000.0 * 100000 ~ ' ' ~ 1 / 3
0.00001 * 1 ~ ' ' ~ 0.0001 * 1 ~ ' ' ~ 10.0 ** 15 ~ ' ' ~ 10.0 ** 16 ~ ' ' ~ 1234567890123456.0 * 1 ~ ' ' ~ 1.5 * 10.0 ** 300
'a' ~ 1 + 2 ~ 'b'
'ab' * 3
'a' 'b' "c"
(1 < 2 < 3) ~ (1 < 3 < 2) ~ (1 == 1 in [1])
(1 < 2) ~ (2 <= 2) ~ (3 > 4) ~ (3 >= 4) ~ (1 != 1) ~ ('a' < 'b')
1 == 1.0 ~ ''
(1 == true) ~ (0 == false) ~ ('1' == 1) ~ (none == false) ~ ([1, 'a'] == [1, 'a']) ~ ({'a': 1} == {'a': 1.0})
(1 in [1, 2]) ~ ('a' in {'a': 1}) ~ ('b' not in 'abc') ~ (none in [none]) ~ (3 not in [1, 2] == true)
not true or true and not false
(0 or 'x') ~ ('' and 'y') ~ (none or 0)
'yes' if messages else 'no'
'a' if false else 'b' if false else 'c'
('x' if false) is defined
'x' ~ ('y' if true) ~ 'z'
true ~ True ~ none ~ None ~ false ~ False
[1, 2, 3][-1] ~ [1, 2, 3][0] ~ 'añ😀b'[2] ~ 'añ😀b'[-1]
[1, 2, 3, 4, 5][1:3] | join(',')
[1, 2, 3, 4, 5][::-1] | join(',')
[1, 2, 3, 4, 5][-2:] | join(',') ~ '/' ~ [1, 2, 3, 4, 5][:-2] | join(',') ~ '/' ~ [1, 2, 3][10:] | join(',') ~ '/' ~ [1, 2, 3][-10:2] | join(',')
[1, 2, 3, 4, 5][4:0:-2] | join(',') ~ '/' ~ [1, 2, 3][5::-1] | join(',') ~ '/' ~ [1, 2, 3][:-10:-1] | join(',')
'hello 😀 world'[1:8] ~ '/' ~ 'hello'[::-1] ~ '/' ~ '😀a'[:1]
messages[1:] | length ~ (messages[5] is defined) ~ (messages[-1].role)
([1] + [2, 3]) | join('-')
(1, 2, 3) | join ~ (1,) | length ~ () | length
{'a': 1, 'b': {'c': [2]}}['b']['c'][0] ~ {'a': 1}.a ~ ({'a': 1}.b is defined)
{'a': 1, 'b': 2}.items() | map('join', '=') | join('&') ~ {'a': 1}.keys() | join ~ {'a': 3}.values() | join
{'a': 1}.get('a') ~ {'a': 1}.get('b') ~ {'a': 1}.get('b', 'c')
{'items': 'member'}['items']
'a,b,,c'.split(',') | join('|') ~ 'a,b,c'.split(',', 1) | join('|') ~ 'a,b,c'.rsplit(',', 1) | join('|') ~ 'abc'.split('x') | join('|')
' a \t b\n'.split() | join('|') ~ ''.split() | length ~ ''.split(',') | length
'</think>x</think>y'.split('</think>')[-1] ~ 'a</think>b'.split('</think>')[0]
'  x  '.strip() ~ '|' ~ '  x  '.lstrip() ~ '|' ~ '  x  '.rstrip() ~ '|' ~ '\n\nx\n'.strip('\n') ~ '|' ~ 'xyzx'.strip('xz') ~ '|' ~ '\u2003x\x1f\u00a0'.strip() ~ '|'
'\u200bx\u200b'.strip() | length
'abc'.startswith('ab') ~ 'abc'.endswith('ab') ~ 'abc'.startswith(('x', 'a')) ~ ''.startswith('')
'aXbX'.replace('X', 'yy') ~ 'aXbX'.replace('X', '', 1) ~ 'abc'.replace('z', 'y') ~ 'aXbX'.replace('X', 'y', -1)
'Hello World'.upper() ~ 'Hello World'.lower() ~ "they're bill's".title() ~ 'hELLO wORLD'.capitalize() ~ ''.capitalize()
'hello'.find('l') ~ 'hello'.find('z') ~ '😀x'.find('x') ~ 'banana'.count('an') ~ 'aaa'.count('aa')
', '.join(['a', 'b']) ~ ', '.join([])
'a\nb\r\nc\n'.splitlines() | join('|') ~ ''.splitlines() | length
'abc'.removeprefix('a') ~ 'abc'.removesuffix('bc') ~ 'abc'.removeprefix('z')
'123'.isdigit() ~ ''.isdigit() ~ '12a'.isdigit()
'x' | upper ~ 'X' | lower ~ "they're bill's-new (house)" | title ~ 'hELLO' | capitalize
'  x ' | trim ~ '|' ~ 'xxyxx' | trim('x') ~ '|' ~ 5 | trim
messages | length ~ 'añ😀' | length ~ {'a': 1} | count
nothing | default('d') ~ '' | default('d') ~ '' | default('d', true) ~ none | default('d') ~ none | d('e', boolean=true)
[3, 4] | first ~ [3, 4] | last ~ 'añ' | last ~ ([] | first is defined)
['a', 1, 2.5, true, none] | join(' ') ~ [{'n': 'x'}, {'n': 'y'}] | join('+', attribute='n') ~ 'abc' | join('.')
[1, 2, 3] | reverse | join ~ 'añ😀' | reverse ~ 'ab' | list | join('-') ~ {'k': 1, 'l': 2} | list | join
messages | map(attribute='role') | join(',') ~ ['a', 'b'] | map('upper') | join ~ [{'a': {'b': 1}}] | map(attribute='a.b') | join ~ [{}] | map(attribute='z', default='q') | join
messages | selectattr('role', 'equalto', 'user') | list | length ~ messages | rejectattr('role', 'eq', 'user') | map(attribute='role') | join
[0, 1, 2, none, 'x', ''] | select | join(',') ~ [1, 2, 3, 4] | select('odd') | join ~ [1, 2, 3, 4] | reject('gt', 2) | join ~ [{'a': 1}, {}] | selectattr('a') | list | length ~ [{'a': 1}, {}] | selectattr('a', 'defined') | list | length
('3' | int + 1) ~ '3.7' | float ~ 'x' | int ~ 'x' | int(default=9) ~ 3.9 | int ~ -3.9 | int ~ true | int ~ 'z' | float
-3 | abs ~ 2.5 | abs ~ (-3) | abs
5 | string ~ 1.0 | string | length ~ none | string
'a.b' | replace('.', '!') ~ 'aaa' | replace('a', 'b', 2)
'a\nb\n\nc' | indent ~ '|' ~ 'a\nb' | indent(2, true) ~ '|' ~ 'a\n\nb' | indent(2, blank=true) ~ '|' ~ 'a\nb\n' | indent(1) ~ '|' ~ 'a\nb' | indent('>>')
{'b': [1, 2.5, true, none, 'ñ"\\\n\t<>&\x01\x7f'], 'a': {}, 'c': []} | tojson
{'b': [1, {'x': 'y'}], 'a': {}, 'c': []} | tojson(indent=2)
[1, 2] | tojson(indent=0) ~ 'x' | tojson ~ none | tojson ~ 1e5 | tojson if false else [0.1, 100.0] | tojson
'<b>' | safe ~ {'a': 1} | items | map('last') | join
1 is number ~ 1.5 is number ~ 'a' is number ~ true is number ~ 1 is integer ~ true is integer ~ 1.0 is float ~ true is boolean
messages is defined ~ nothing is defined ~ nothing is undefined ~ nothing is none ~ none is none ~ messages is not none
'a' is string ~ 1 is string ~ {} is mapping ~ [] is mapping ~ [] is sequence ~ 'a' is sequence ~ {} is sequence ~ 1 is sequence ~ [] is iterable ~ 5 is iterable ~ nothing is iterable
true is true ~ 1 is true ~ false is false ~ 0 is false ~ none is false
3 is odd ~ 3 is even ~ 9 is divisibleby 3 ~ 9 is divisibleby(2) ~ 3 is gt 2 ~ 3 is lessthan 2 ~ 2 is ge(2) ~ 2 is le 1 ~ 2 is ne 2
'a' is in ['a'] ~ 'a' is in 'xyz' ~ 1 is eq 1 ~ 'a' is equalto 'a'
not nothing is defined and true
(nothing.x is defined) if nothing else 'guarded'
-1 | abs ~ (-1) | abs ~ 2 ** 3 ** 2
range(3) | join(',') ~ range(2, 5) | join(',') ~ range(5, 0, -2) | join(',') ~ range(3, 1) | length
dict(a=1, b='x').b ~ dict() | length
strftime_now('%d %b %Y') ~ strftime_now('%A, %B %d, %Y %H:%M:%S %I%p %j %y %a %m %%')
'{{ not a tag }}' ~ "{% nor this %}"
{'a': {'b': {'c': 'deep'}}}.a.b.c
'it\'s' ~ "say \"x\"" ~ 'tab\tnew\\n' ~ '\u00e9\x41'
((((1))))
-1 ~ - 2 ~ (-(-3))
[[1, 2], [3]] | map('length') | join(',')
messages[0]['content'][0:2] ~ messages[0].content.split()[0].upper()
'a' if 1 is odd and not 2 is odd else 'b'
['x'] | length == 1 and 'a' ~ 'b' == 'ab'
"""

STATEMENTS = [
    "{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
    "{% for m in messages %}{{ loop.previtem.role if not loop.first else '-' }}>{{ loop.nextitem.role if loop.nextitem is defined else '-' }} {% endfor %}",
    "{% for m in messages if m.role == 'user' %}{{ loop.length }}{{ m.content }}{% else %}none{% endfor %}",
    "{% for m in messages if m.role == 'nobody' %}x{% else %}none{% endfor %}",
    "{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in {'a': 1, 'b': 2} %}{{ k }}{% endfor %}",
    "{% for a, b in [(1, 2), [3, 4]] %}{{ a + b }} {% endfor %}",
    "{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in [1, 2] %}{% for y in [3, 4] %}{{ loop.index }}{{ x }}{{ y }} {% endfor %}{{ loop.index }}{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "{% set x = 1 %}{% for i in [1, 2] %}{{ x }}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}",
    "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% set ns = namespace(n=0, s='') %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% set ns.s = ns.s ~ i %}{% endfor %}{{ ns.n }}{{ ns.s }}{{ ns.zzz is defined }}",
    "{% set a, b = 1, 'x' %}{{ b }}{{ a }}",
    "{% set t = 1, 2 %}{{ t | length }}",
    "{% set x %}a {{ 1 + 1 }}{% set inner = 5 %} b{% endset %}[{{ x }}]{{ x | length }}{{ inner is defined }}",
    "{% macro m(a, b='B', c=a) %}({{ a }}{{ b }}{{ c }}){% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=3, a=4) }}{{ m('x', c='z') | upper }}",
    "{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}{{ m(none) }}",
    "{% macro fact(n) %}{% if n <= 1 %}1{% else %}{{ n * (fact(n - 1) | int) }}{% endif %}{% endmacro %}{{ fact(10) }}",
    "{% set g = 'global' %}{% macro m() %}{{ g }}{% set g = 'inner' %}{{ g }}{% endmacro %}{{ m() }}{{ g }}",
    "{% set ns = namespace(x=0) %}{% macro bump() %}{% set ns.x = ns.x + 1 %}{% endmacro %}{{ bump() }}{{ bump() }}{{ ns.x }}",
    "{% generation %}a{% set q = 1 %}{{ q }}{% endgeneration %}{{ q is defined }}",
    "{% if 0 %}a{% elif '' %}b{% elif [] %}c{% elif {} %}d{% elif none %}e{% elif 0.0 %}f{% elif nothing %}g{% else %}h{% endif %}",
    "{% set loop_messages = messages %}{% for m in loop_messages[::-1] %}{{ m.role }}{% set index = (messages | length - 1) - loop.index0 %}{{ index }}{% endfor %}",
    "{{ raise_exception('no') }}",
    "{% if messages[0].role != 'system' %}{{ raise_exception('must begin with system') }}{% endif %}",
    "a\n  {% if true %}\nb\n  {% endif %}\nc",
    "a\n  {%+ if true %}\nb\n  {%+ endif +%}\nc",
    "a \n {%- if true -%} \n b \n {%- endif -%} \n c",
    "a\n  {{ 1 }}\n  {{- 2 -}}\n  {{+ 3 }}\nb\n",
    "a\n  {# comment #}\nb{#- tight -#} \n c {#+ plus +#}\nd",
    "{% set x = {'a': {'b': 1}} %}{{ {'a': {'b': 1}}.a.b }}{{ x.a.b }}",
    "\n\n{% if true %}\n\nx\n\n{% endif %}\n\n",
    "\t{% if true %}\tx\t{% endif %}\t\n y",
    "x\u2028  {% if true %}y{% endif %}\fz",
    "line\r\n  {% if true %}\r\nb{% endif %}\r\nc",
    "{% set x = 5 -%}   \n  {{ x }}",
    "{% for m in messages -%}\n  {{ m.role }}\n{%- endfor %}",
    "{{ '}}' }}{{ '%}' }}{{ \"#}\" }}{ {",
    "{%- for m in messages %}{{- m.content -}}{% endfor -%}  \n",
    "{% if true %}{% if false %}{% else %}x{% endif %}{% else %}y{% endif %}",
]

SNIPPETS = ["{{ " + line + " }}" for line in EXPRESSIONS.strip().split("\n")] + STATEMENTS
