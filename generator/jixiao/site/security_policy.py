"""Security policy of the site: all resources come from the site itself, and nothing runs inline.

No page holds an inline script or style, so the policy needs no hashes. `wasm-unsafe-eval` lets Pagefind run;
it allows WebAssembly only, not `eval`. The same policy is published three ways: in every page, in `_headers`
for static hosts, and as a snippet for nginx.
"""

from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
"""Policy in the `<meta>` element of every page."""

NGINX_FILE = "nginx-headers.conf"
"""Name of the nginx snippet beside the site."""
HEADERS = {
    # A page cannot refuse to be framed; only a header can.
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers that a web server should send with every file."""


HEADERS_FILE = "_headers"
"""File that some static hosts read headers from."""


def render_headers_file() -> str:
    """Return the headers in the format of static hosts."""
    lines = [f"  {name}: {value}" for name, value in HEADERS.items()]
    return "\n".join(["/*", *lines, ""])


def write_nginx_snippet(file: Path) -> None:
    """Write the headers as directives to `include` in a `server` block of nginx."""
    directives = [f'add_header {name} "{value}" always;' for name, value in HEADERS.items()]
    file.write_text("\n".join([*directives, ""]), encoding="utf-8", newline="\n")
