"""The whole site as one archive that any static server, or nothing but a folder, can show.

Only a site that agrees with its manifest is packed. The same site gives the same bytes: files are sorted, and
carry neither the clock nor the rights of the machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jixiao.i18n import message
from jixiao.ignored_files import is_among_leftovers
from jixiao.site.release import Progress
from jixiao.verify import Finding
from jixiao.verify.manifest import MANIFEST, differences, files_of

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that the format knows."""
_RIGHTS = 0o100644 << 16


class IsThere(Exception):  # noqa: N818 - named for what it says
    """There is such a file already."""


def archive(site: Path, target: Path, progress: Progress) -> tuple[Finding, ...]:
    """Pack a site; give why it was not packed.

    Args:
        site: The folder of the site.
        target: The archive, which must not be there.
        progress: Is told what begins.

    Raises:
        IsThere: *target* is there already.
        OSError: The disk refuses.
    """
    if target.exists():
        raise IsThere
    progress(message("核对网站"))
    # What a file manager has left in the folder meanwhile is not packed.
    findings = tuple(one for one in differences(site) if not is_among_leftovers(one.file))
    if findings:
        return findings
    progress(message("写入归档"))
    unfinished = target.with_name(f".{target.name}.new")
    try:
        with ZipFile(unfinished, "w", ZIP_DEFLATED) as packed:
            for path in sorted({*files_of(site), MANIFEST}):
                if is_among_leftovers(path):
                    continue
                info = ZipInfo(path, _TIME)
                info.compress_type, info.external_attr = ZIP_DEFLATED, _RIGHTS
                with (site / path).open("rb") as source, packed.open(info, "w", force_zip64=True) as file:
                    shutil.copyfileobj(source, file)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return ()
