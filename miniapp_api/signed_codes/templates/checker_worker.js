const PAGE = {{ url_for(".show") | tojson }};
const FILES = [
{%- for name in shared %}
  {{ (assets ~ name) | tojson }},
{%- endfor %}
{%- for name in own %}
  {{ (files ~ name) | tojson }},
{%- endfor %}
];
importScripts({{ (files ~ "checker/keeping.js") | tojson }});
