"""The security policy of a page, as the verification knows it: no theme and no content can loosen it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jixiao.i18n import message
from jixiao.verify.findings import VerificationFinding
from jixiao.verify.html_stream import HtmlPage

_ALLOWED: Final = {
    "default-src": {"'none'"},
    "script-src": {"'self'", "'wasm-unsafe-eval'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
}
"""Each directive that a page must have, with all that it may allow."""

_HARMLESS: Final = {"html", "head", "meta", "title"}
"""Elements before the policy, which does not govern them."""


def compare_policy(file: str, page: HtmlPage) -> Iterator[VerificationFinding]:
    """Yield a finding if the policy is missing, allows too much, or follows an element it governs."""
    before = set[str]()
    for tag in page.tags:
        if tag.name == "body":
            break
        if tag.attributes.get("http-equiv", "").lower() == "content-security-policy":
            if not _is_strict(tag.attributes.get("content", "")) or before - _HARMLESS:
                yield VerificationFinding(file=file, message=message("网页的安全策略被放宽了"))
            return
        before.add(tag.name)
    yield VerificationFinding(file=file, message=message("网页没有安全策略"))


def _is_strict(policy: str) -> bool:
    directives: dict[str, set[str]] = {}
    for directive in filter(None, map(str.split, policy.split(";"))):
        # Browsers take the first of a name.
        directives.setdefault(directive[0].lower(), set(directive[1:]))
    is_complete = all(
        name in directives and directives[name] <= allowed for name, allowed in _ALLOWED.items()
    )
    return is_complete and all(name in _ALLOWED for name in directives)
