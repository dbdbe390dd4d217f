"""Packing of the whole site into one ZIP file.

Only a site that matches its manifest is packed. The same site gives the same bytes: files are sorted and
carry neither times nor permissions of the machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jixiao.build.staging import Progress
from jixiao.i18n import message
from jixiao.ignored_files import is_ignored_path
from jixiao.problems import EXIT_PROBLEMS, UserError
from jixiao.verify import MANIFEST, VerificationFinding, compare_manifest, site_files

_MEMBER_TIME = (1980, 1, 1, 0, 0, 0)
"""Earliest date that the ZIP format supports."""
_MEMBER_MODE = 0o100644 << 16


def archive_site(site: Path, target: Path, progress: Progress) -> tuple[VerificationFinding, ...]:
    """Pack a verified site into a ZIP file; return the findings if it does not match its manifest.

    Args:
        site: The folder of the site.
        target: The archive, which must not exist.
        progress: Called at the start of each step.

    Raises:
        UserError: *target* exists.
        OSError: The disk refuses.
    """
    if target.exists():
        raise UserError(message("已经有这个文件了：{path}", path=str(target)), exit_code=EXIT_PROBLEMS)
    progress(message("核对网站"))
    # Hidden files that a file manager has added are not packed.
    findings = tuple(finding for finding in compare_manifest(site) if not is_ignored_path(finding.file))
    if findings:
        return findings
    progress(message("写入归档"))
    unfinished = target.with_name(f".{target.name}.new")
    try:
        with ZipFile(unfinished, "w", ZIP_DEFLATED) as archive:
            for path in sorted({*site_files(site), MANIFEST}):
                if is_ignored_path(path):
                    continue
                info = ZipInfo(path, _MEMBER_TIME)
                info.compress_type, info.external_attr = ZIP_DEFLATED, _MEMBER_MODE
                with (site / path).open("rb") as source, archive.open(info, "w", force_zip64=True) as file:
                    shutil.copyfileobj(source, file)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return ()
