"""What thousands of applications in one test process have in common is made once.

Nothing is replaced: the libraries' own functions run, and what they gave is given again to whoever
asks the same. Compiling the builders of all routes took most of `create_app`.
"""

from functools import cache, wraps

import httpx._transports.default as httpx_transport
from werkzeug.routing import Rule


def install():
    """Keep what werkzeug compiles for a route, and the certificates that httpx reads."""
    compile_builder, kept = Rule._compile_builder, {}

    @wraps(compile_builder)
    def compile_once(rule, append_unknown=True):
        key = (rule.rule, rule.subdomain, rule.host, tuple((rule.defaults or {}).items()), append_unknown)
        if key not in kept:
            kept[key] = compile_builder(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once
    httpx_transport.create_ssl_context = cache(httpx_transport.create_ssl_context)
