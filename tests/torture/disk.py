"""Disks that run full, and disks that lose their power. Both need root, to mount file systems."""

import fcntl
import os
import random
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.sample_projects import copy_small_project
from tests.torture.bench import Bench, build, snapshot
from tests.torture.kills import steps_of, strike

SIZES_KB = range(0, 130, 5)
"""Room for what is new after one change, of which there are some 120 kB."""
POWER_CUTS = 20
# FS_IOC_SHUTDOWN of Linux, _IOR('X', 125, __u32): the file system is gone at once, as after a power cut. With
# this flag it does not even write its journal, so that everything is lost which nobody has waited for.
_SHUT_DOWN = 0x8004587D
_WITHOUT_JOURNAL = struct.pack("I", 2)


def fill_disk(bench: Bench) -> str:
    """Build on a small file system with little room left, at many sizes."""
    starved = 0
    for size in SIZES_KB:
        with tempfile.TemporaryDirectory() as mount:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={10_000 + size}k", "tmpfs", mount], check=True
            )
            try:
                small = Bench(copy_small_project(Path(mount) / "project"), bench.whole, bench.broken)
                small.set_state(0)
                if build(small.project) != 0:
                    bench.broken.append(f"no room for a first build with {size} kB left")
                    continue
                filler = Path(mount) / "filler"
                filler.write_bytes(b"")
                free = os.statvfs(mount).f_bavail * os.statvfs(mount).f_frsize
                filler.write_bytes(b"\0" * max(0, free - size * 1024))
                small.set_state(1)
                starved += build(small.project) != 0
                small.judge(f"a disk with {size} kB left")
                filler.unlink()
                small.judge_peace(1, f"a disk with {size} kB left")
            finally:
                subprocess.run(["umount", mount], check=True)
    return f"{starved} of {len(SIZES_KB)} sizes ran out of space"


def cut_power(bench: Bench, cuts: int, chance: random.Random) -> str:
    """Cut the power of a disk after a build, or while one is publishing; look what is there afterwards.

    Before every second cut the journal is written, as the system does every few seconds: then the names of
    files are on the disk, and their contents only if somebody has waited for them.
    """
    steps = steps_of(bench)
    new = 0
    for number in range(cuts):
        last_steps = [None, *steps[-4:]]
        step = last_steps[number % len(last_steps)]
        blow = f"power cut {number}, {step.name if step else 'after a build'}"
        with tempfile.TemporaryDirectory() as folder:
            image, mount = Path(folder) / "image", Path(folder) / "mount"
            mount.mkdir()
            with image.open("wb") as file:
                file.truncate(64 << 20)
            subprocess.run(["mkfs.ext4", "-q", str(image)], check=True)
            with _mounted(image, mount):
                small = Bench(copy_small_project(mount / "project"), bench.whole, bench.broken)
                small.set_state(0)
                if build(small.project) != 0:
                    bench.broken.append("no build on a disk of its own")
                os.sync()
                small.set_state(1)
                if step is None:
                    build(small.project)
                else:
                    strike(small, step, chance.uniform(0, step.seconds))
                _shut_down(mount, writes_journal=bool(number % 2))
            with _mounted(image, mount):
                small.judge(blow)
                is_new = snapshot(small.site) == bench.whole[1]
                if step is None and not is_new:
                    bench.broken.append(f"a published site is lost after {blow}")
                new += is_new
                small.set_state(1)
                small.judge_peace(1, blow)
    return f"{cuts} power cuts, the new site was there after {new}, the old one after the others"


def _shut_down(mount: Path, *, writes_journal: bool) -> None:
    descriptor = os.open(mount, os.O_RDONLY)
    try:
        if writes_journal:
            os.fsync(descriptor)
        fcntl.ioctl(descriptor, _SHUT_DOWN, _WITHOUT_JOURNAL)
    finally:
        os.close(descriptor)


@contextmanager
def _mounted(image: Path, mount: Path) -> Iterator[None]:
    """Mount *image*; write nothing to it by the clock, so that only what was waited for is on it."""
    subprocess.run(["mount", "-o", "loop,commit=900", str(image), str(mount)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(mount)], check=True)
