"""The security policy of the site: everything comes from the site itself, and nothing runs inline.

No page holds an inline script or style, so the policy needs no hashes. `wasm-unsafe-eval` lets the engine
of Pagefind run; it allows WebAssembly alone, not `eval`. The same policy goes out three ways: in every page,
in `_headers` for static hosts, and as a snippet for nginx.
"""

from pathlib import Path

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
"""As it stands in the `<meta>` of every page."""

NGINX = "nginx-headers.conf"
"""The name of the snippet for nginx, which lies beside the site."""
HEADERS = {
    # A page cannot refuse to be framed; only a header can.
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What a web server should send with every file."""


HEADERS_FILE = "_headers"
"""Where static hosts that know it read the headers."""


def headers_file() -> str:
    """Write the headers for static hosts."""
    lines = [f"  {name}: {value}" for name, value in HEADERS.items()]
    return "\n".join(["/*", *lines, ""])


def write_snippet(file: Path) -> None:
    """Write the headers as directives to `include` in a `server` block of nginx."""
    directives = [f'add_header {name} "{value}" always;' for name, value in HEADERS.items()]
    file.write_text("\n".join([*directives, ""]), encoding="utf-8", newline="\n")
