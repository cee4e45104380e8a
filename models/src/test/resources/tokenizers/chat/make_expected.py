"""Writes expected.json beside it: templates and what transformers renders them to.

python3 make_expected.py GOLDENS

The families' templates come from GOLDENS; the others are written here in the way of published ones, or try one
feature of Jinja each.
"""

import json
import pathlib
import sys

from transformers.utils.chat_template_utils import render_jinja_template

HERE = pathlib.Path(__file__).parent
GOLDENS = pathlib.Path(sys.argv[1])
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}
TEXTS = ["What is in the image?", "  Blanks around,\nand a line. <s> {{ braces }} {% if %} ", "", "日本語 👩‍👩‍👧 \"quoted\" 'it'\\n"]

PARTS = {
    "vicuna": """\
{% for message in messages %}{% if message['role'] == 'system' %}{{ message['content'][0]['text'] }}{% else %}\
{{ message['role'].upper() + ': ' }}{% endif %}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}\
{{ '<image>\\n' }}{% endfor %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}\
{{ content['text'] + ' ' }}{% endfor %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}""",
    "qwen3-vl-long": """\
{%- if tools %}
    {{- '<|im_start|>system\\n' }}
    {%- if messages[0].role == 'system' %}
        {%- if messages[0].content is string %}
            {{- messages[0].content }}
        {%- else %}
            {%- for content in messages[0].content %}
                {%- if 'text' in content %}
                    {{- content.text }}
                {%- endif %}
            {%- endfor %}
        {%- endif %}
        {{- '\\n\\n' }}
    {%- endif %}
    {{- "# Tools\\n\\nYou may call one or more functions to assist with the user query.\\n<tools>" }}
    {%- for tool in tools %}
        {{- "\\n" }}
        {{- tool | tojson }}
    {%- endfor %}
    {{- "\\n</tools><|im_end|>\\n" }}
{%- else %}
    {%- if messages[0].role == 'system' %}
        {{- '<|im_start|>system\\n' }}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endif %}
{%- set image_count = namespace(value=0) %}
{%- set video_count = namespace(value=0) %}
{%- for message in messages %}
    {%- if message.role == "user" %}
        {{- '<|im_start|>' + message.role + '\\n' }}
        {%- if message.content is string %}
            {{- message.content }}
        {%- else %}
            {%- for content in message.content %}
                {%- if content.type == 'image' or 'image' in content or 'image_url' in content %}
                    {%- set image_count.value = image_count.value + 1 %}
                    {%- if add_vision_id %}Picture {{ image_count.value }}: {% endif -%}
                    <|vision_start|><|image_pad|><|vision_end|>
                {%- elif content.type == 'video' or 'video' in content %}
                    {%- set video_count.value = video_count.value + 1 %}
                    {%- if add_vision_id %}Video {{ video_count.value }}: {% endif -%}
                    <|vision_start|><|video_pad|><|vision_end|>
                {%- elif 'text' in content %}
                    {{- content.text }}
                {%- endif %}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role + '\\n' }}
        {%- if message.tool_calls %}
            {%- for tool_call in message.tool_calls %}
                {%- if (loop.first and content_) or (not loop.first) %}
                    {{- '\\n' }}
                {%- endif %}
            {%- endfor %}
        {%- endif %}
        {{- '<|im_end|>\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
{%- endif %}
""",
    "smolvlm": """\
<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}{% if message['content'][0]['type'] == 'image' %}{{':'}}\
{% else %}{{': '}}{% endif %}{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}\
{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>
{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}""",
    "pixtral-like": """\
{%- if messages[0]["role"] == "system" %}
    {%- set system_message = messages[0]["content"] %}
    {%- set loop_messages = messages[1:] %}
{%- else %}
    {%- set loop_messages = messages %}
{%- endif %}

{{- bos_token }}
{%- for message in loop_messages %}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('After the optional system message, conversation roles must alternate user/assistant') }}
    {%- endif %}
    {%- if message["role"] == "user" %}
        {%- if loop.last and system_message is defined %}
            {{- "[INST]" + system_message + "\\n\\n" }}
        {%- else %}
            {{- "[INST]" }}
        {%- endif %}
        {%- if message["content"] is not string %}
            {%- for chunk in message["content"] %}
                {%- if chunk["type"] == "text" %}
                    {{- chunk["text"] }}
                {%- elif chunk["type"] == "image" %}
                    {{- "[IMG]" }}
                {%- else %}
                    {{- raise_exception("Unrecognized content type!") }}
                {%- endif %}
            {%- endfor %}
        {%- else %}
            {{- message["content"] }}
        {%- endif %}
        {{- "[/INST]" }}
    {%- else %}
        {{- raise_exception("Only user and assistant roles are supported") }}
    {%- endif %}
{%- endfor %}
""",
    "llama-3.2-vision-like": """\
{{- bos_token }}
{%- if custom_tools is defined %}
    {%- set tools = custom_tools %}
{%- endif %}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if not tools is defined %}
    {%- set tools = none %}
{%- endif %}
{#- This block extracts the system message, so we can slot it into the right place. #}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content']|trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{#- Find out if there are any images #}
{% set image_ns = namespace(has_images=false) %}
{%- for message in messages %}
    {%- for content in message['content'] %}
        {%- if content['type'] == 'image' %}
            {%- set image_ns.has_images = true %}
        {%- endif %}
    {%- endfor %}
{%- endfor %}
{%- if image_ns.has_images and not system_message == "" %}
    {{- raise_exception("Prompting with images is incompatible with system messages.") }}
{%- endif %}
{%- if not image_ns.has_images %}
    {{- "Today Date: " + date_string + "\\n\\n" }}
{%- endif %}
{%- for message in messages %}
    {%- if not (message.role == 'ipython' or message.role == 'tool' or 'tool_calls' in message) %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
        {%- if message['content'] is string %}
            {{- message['content'] }}
        {%- else %}
            {%- for content in message['content'] %}
                {%- if content['type'] == 'image' %}
                    {{- '<|image|>' }}
                {%- elif content['type'] == 'text' %}
                    {{- content['text'] | trim }}
                {%- endif %}
            {%- endfor %}
        {%- endif %}
        {{- '<|eot_id|>' }}
    {%- elif message.content is mapping or message.content is iterable %}
        {{- message.content | tojson }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
""",
}

PLAIN = {
    "mistral": """\
{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}\
{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}\
{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant roles are supported!') }}{% endif %}{% endfor %}""",
    "llama-2": """\
{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}\
{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}\
{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}\
{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}\
{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}\
{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}""",
    "vicuna-plain": """\
{% set ns = namespace(system='A chat. ') %}{{ ns.system }}{% for message in messages %}{% if message['role'] == 'user' %}\
{{ 'USER: ' + message['content'] }}{% else %}{{ ' ASSISTANT: ' + message.content + eos_token }}{% endif %}{% endfor %}\
{{ ' ASSISTANT:' if add_generation_prompt else '' }}""",
}

FEATURES = {
    "blocks": "a\n  {% if true %}\n  b\n  {% endif %}\nc\n {{ 'd' }} \n{# comment #}\ne\n  {# x #} f\n",
    "minus": "a \n {%- if true -%} \n b \n {%- endif -%} \n c \n {{- 'd' -}} \n e {#- x -#} \n f",
    "plus": "a\n  {%+ if true +%}\n  b\n  {%+ endif %}\nc\n",
    "last line break": "a\n\n",
    "loop": "{% for x in [1, 2, 3] %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.length }}{{ loop.first }}{{ loop.last }} {% endfor %}",
    "loop neighbours": "{% for x in 'abc' %}{{ loop.previtem }}{{ x }}{{ loop.nextitem }},{% endfor %}",
    "loop condition": "{% for x in range(6) if x % 2 == 0 %}{{ x }}{{ ',' if not loop.last }}{% else %}none{% endfor %}",
    "loop else": "{% for x in [] %}{{ x }}{% else %}none{% endfor %}{% for x in nothing %}x{% endfor %}",
    "loop scope": "{% set a = 1 %}{% for x in [1, 2] %}{% set a = a + x %}{{ a }} {% endfor %}{{ a }}",
    "loop pairs": "{% for k, v in {'a': 1, 'b': none}.items() %}{{ k }}={{ v }};{% endfor %}{% for k, v in {'c': 2}|items %}{{ k }}{% endfor %}",
    "if scope": "{% if true %}{% set a = 'in' %}{% endif %}{{ a }}",
    "namespace": "{% set ns = namespace(n=0, s='') %}{% for x in [1, 2] %}{% set ns.n = ns.n + x %}{% set ns.s = ns.s ~ x %}{% endfor %}{{ ns.n }}{{ ns.s }}",
    "set block": "{% set a %}x{{ 1 + 1 }}y{% endset %}[{{ a }}]",
    "elif": "{% set x = 2 %}{% if x == 1 %}a{% elif x == 2 %}b{% elif x == 2 %}c{% else %}d{% endif %}",
    "nested": "{% for a in [[1, 2], [3]] %}{% for b in a %}{% if b > 1 %}{{ b }}{% else %}-{% endif %}{% endfor %}|{% endfor %}",
    "generation": "{% generation %}a{% set q = 1 %}{% endgeneration %}{{ q }}",
    "arithmetic": "{{ 1 + 2 * 3 - 4 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ (1 + 2) * 3 }} {{ 2 - -2 }}",
    "concat": "{{ 'a' ~ 1 ~ true ~ none ~ nothing }} {{ 'a' 'b' }} {{ 'a' + 1 ~ 2 }}",
    "compare": "{{ 1 < 2 }}{{ 2 <= 2 }}{{ 'a' > 'b' }}{{ 'b' >= 'a' }}{{ 1 != 1 }}{{ [1, 2] == [1, 2] }}{{ {'a': 1} == {'a': 2} }}",
    "logic": "{{ 1 and 2 }}{{ 0 or 'x' }}{{ '' or none }}{{ not 0 }}{{ not 'a' and true }}{{ true and not false or false }}",
    "in": "{{ 'a' in 'cat' }}{{ 1 in [1] }}{{ 'k' in {'k': 1} }}{{ 2 not in [1] }}{{ not 'x' in 'y' }}",
    "choice": "{{ 'a' if false }}|{{ 'a' if false else 'b' if false else 'c' }}|{{ ('a' if true else 'b') ~ 'c' }}",
    "tests": "{{ x is defined }}{{ x is not defined }}{{ none is none }}{{ 'a' is string }}{{ {} is mapping }}{{ [] is iterable }}{{ 'a' is iterable }}{{ 1 is number }}{{ true is boolean }}{{ 1 is equalto 1 }}{{ 1 is eq(2) }}{{ 'a' is in ['a'] }}{{ not x is defined }}{{ [] is sequence }}{{ x is undefined }}{{ false is false }}{{ 1 is string or 'a' is string }}",
    "filters": "{{ '  a b ' | trim }}|{{ 'aB' | upper | lower }}|{{ 'aBC d' | capitalize }}|{{ [1, 2] | length }}|{{ 'añ👩' | length }}|{{ [1, 2] | join('-') }}|{{ x | default('d') }}|{{ '' | default('d', true) }}|{{ [3, 4] | first }}|{{ [3, 4] | last }}|{{ 'ab' | list | join(',') }}|{{ 'aXa' | replace('a', 'b') }}|{{ 5 | string ~ 'x' }}",
    "select": "{% set m = [{'t': 'a', 'v': 1}, {'t': 'b', 'v': 0}, {'v': 3}] %}{{ m | selectattr('t', 'equalto', 'a') | list | length }}{{ m | selectattr('t', 'defined') | list | length }}{{ m | selectattr('v') | list | length }}{{ m | rejectattr('t', 'eq', 'a') | list | length }}{{ m | selectattr('t', 'in', ['a', 'b']) | map(attribute='v') | join(',') }}{{ ['a', 'b'] | map('upper') | join }}{{ (m | selectattr('t', '==', 'b') | first).v }}",
    "tojson": "{{ {'a': [1, true, none, 'x\"\\n\\\\é日'], 'b': {}, 'c': []} | tojson }}{{ 'a/b<c>&\\'' | tojson }}",
    "methods": "{{ 'aB'.upper() }}{{ 'aB'.lower() }}[{{ ' a '.strip() }}][{{ ' a '.lstrip() }}][{{ ' a '.rstrip() }}][{{ 'xax'.strip('x') }}]{{ 'a,b,c'.split(',') | join('|') }}{{ 'a,b,c'.split(',', 1) | last }}{{ ' a  b '.split() | join('|') }}{{ 'abc'.startswith('ab') }}{{ 'abc'.endswith('ab') }}{{ 'aa'.replace('a', 'b') }}{{ {'a': 1}.get('a') }}{{ {}.get('a') }}{{ {}.get('a', 2) }}{{ {'a': 1}.keys() | list | first }}{{ 'think</think>x'.split('</think>')[-1].lstrip('\\n') }}",
    "access": "{% set d = {'a': {'b': [10, 20, 30]}} %}{{ d.a.b[0] }}{{ d['a']['b'][-1] }}{{ d.a.b[5] }}{{ d.x }}{{ 'abc'[1] }}{{ 'abc'[-1] }}{{ d.a.b.1 }}",
    "slices": "{{ [1, 2, 3][1:] | join }}{{ [1, 2, 3][:-1] | join }}{{ [1, 2, 3][-2:] | join }}{{ 'hello'[1:3] }}{{ 'hello'[:] }}{{ [1][5:] | length }}",
    "literals": "{{ 'a\\'b' }}{{ \"a\\\"b\" }}{{ 'a\\\\b\\tc\\nd' }}{{ True }}{{ False }}{{ None }}{{ (1, 2) | length }}{{ [] }}" .replace("{{ [] }}", "") + "{{ {'a': '}}'}['a'] }}{{ '%}' }}",
    "undefined": "[{{ x }}][{{ x ~ 'a' }}]{% if x %}a{% else %}b{% endif %}{{ x | length }}",
    "braces": "{ a } } { {{ '{' }} # {",
    "no messages needed": "{{ messages | length }}{{ messages[0].role }}{{ tools is none }}{{ add_generation_prompt }}",
}

REFUSED = {
    "{% for %}": "line 1",
    "{% if true %}": "'endif'",
    "a\nb\n{{ x ! }}": "line 3",
    "{% macro m() %}{% endmacro %}": "macro",
    "{{ x.y }}": "undefined",
    "\n{{ 'a' | unknown }}": "line 2",
    "{{ 'a' is odd_thing }}": "odd_thing",
    "{{ 'a'.format(1) }}": "format",
    "{{ cycler() }}": "cycler",
    "{{ raise_exception('no such role') }}": "no such role",
    "{{ 'a' + 1 }}": "a number",
    "{{ [1] }}": "a list",
    "{{ 'a": "'",
    "{# a": "#}",
    "{{ 1 // 0 }}": "divisor",
    "{% set x.y = 1 %}": "namespace",
}


def user(text, images=1):
    return [{"role": "user", "content": [{"type": "image"}] * images + [{"type": "text", "text": text}]}]


def rendered(template, messages):
    return render_jinja_template(
        [messages], chat_template=template, add_generation_prompt=True, **TOKENS
    )[0][0]


templates = dict(PARTS)
goldens = []
for family in ["llava", "llava_next", "idefics3", "smolvlm2", "qwen2_5_vl", "qwen3_vl"]:
    template = json.loads((GOLDENS / family / "ckpt/chat_template.json").read_text())["chat_template"]
    templates[family] = template
    for name, item in json.loads((GOLDENS / family / "expected.json").read_text())["items"].items():
        prompts = item.get("prompt_text_before_expansion")
        questions = item.get("questions", [])
        prompts = [prompts] if isinstance(prompts, str) else prompts or []
        if len(prompts) == len(questions) == len(item["images"]):
            goldens += [{"family": family, "question": q, "prompt": p} for q, p in zip(questions, prompts)]

result = {
    "templates": templates,
    "goldens": goldens,
    "parts": [
        {"template": n, "images": i, "text": x, "prompt": rendered(t, user(x, i))}
        for n, t in templates.items()
        for i in [0, 1, 2]
        for x in TEXTS
    ],
    "plain": [
        {"template": t, "text": x, "prompt": rendered(t, [{"role": "user", "content": x}])}
        for t in PLAIN.values()
        for x in TEXTS
    ],
    "features": [{"name": n, "template": t, "prompt": rendered(t, user("q"))} for n, t in FEATURES.items()],
    "refused": [{"template": t, "says": says} for t, says in REFUSED.items()],
}
(HERE / "expected.json").write_text(json.dumps(result, indent=1, ensure_ascii=False))
