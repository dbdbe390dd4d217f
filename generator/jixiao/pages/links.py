"""Links between pages: always relative, so that the site works from any folder of a web server."""

import posixpath

from jixiao.i18n import SOURCE_LANGUAGE


def from_root(address: str, language: str) -> str:
    """Put the prefix of *language* before an address; Chinese stands at the root."""
    return address if language == SOURCE_LANGUAGE else f"{language}/{address}"


def relative(target: str, page: str) -> str:
    """Write the way from the page at *page* to *target*, both from the same root and ending in `/` or empty.

    Example:
        >>> relative("guide/", "2021/health/")
        '../../guide/'
        >>> relative("2021/health/clinic/", "2021/health/")
        'clinic/'
    """
    path, _, anchor = target.partition("#")
    is_folder = path == "" or path.endswith("/")
    way = posixpath.relpath(path or ".", page or ".")
    way = "./" if way == "." else f"{way}/" if is_folder else way
    return f"{way}#{anchor}" if anchor else way
