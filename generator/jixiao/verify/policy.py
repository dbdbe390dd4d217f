"""The security policy of a page, as the verification knows it: no theme and no content can loosen it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jixiao.i18n import message
from jixiao.verify.finding import Finding
from jixiao.verify.html_tree import Document

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


def compare_policy(page: str, document: Document) -> Iterator[Finding]:
    """Yield a finding where the policy is missing, allows too much, or stands behind what it governs."""
    head = document.first("head")
    before: list[str] = []
    for element in head.elements() if head else ():
        if element.attributes.get("http-equiv", "").lower() == "content-security-policy":
            if not _is_strict(element.attributes.get("content", "")) or set(before) & {
                "script",
                "link",
                "base",
            }:
                yield Finding(file=page, saying=message("网页的安全策略被放宽了"))
            return
        before.append(element.tag)
    yield Finding(file=page, saying=message("网页没有安全策略"))


def _is_strict(policy: str) -> bool:
    said: dict[str, set[str]] = {}
    for directive in filter(None, map(str.split, policy.split(";"))):
        # Browsers take the first of a name.
        said.setdefault(directive[0].lower(), set(directive[1:]))
    is_complete = all(name in said and said[name] <= allowed for name, allowed in _ALLOWED.items())
    return is_complete and all(name in _ALLOWED for name in said)
