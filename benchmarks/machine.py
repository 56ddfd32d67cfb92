"""The machine, the versions and the state of the tree: what a reader needs to judge numbers by. No names, no paths."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measuring import ROOT

PACKAGES = ("numpy", "scipy", "mesa", "pandas", "pyarrow", "hydra-core", "starsim", "numba")
GIB = 2**30


def processor() -> str:
    """Model of the processor."""
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def caches() -> str:
    """Sizes of the caches of the first core, where the system tells."""
    found = []
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        level, kind, size = ((index / name).read_text(encoding="utf-8").strip() for name in ("level", "type", "size"))
        if kind != "Instruction":
            found.append(f"L{level} {size.replace('K', ' KiB')}")
    return ", ".join(found)


def memory_gib() -> float:
    """Memory of the machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GIB


def lines() -> list[tuple[str, str]]:
    """What the machine is, by name."""
    found = [
        ("processor", processor()),
        ("cores", str(os.cpu_count())),
        ("caches", caches()),
        ("memory", f"{memory_gib():.0f} GiB"),
        ("system", f"{platform.system()} {platform.release().partition('-')[0]}"),
        ("Python", platform.python_version()),
    ]
    for package in PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return [(name, value) for name, value in found if value]


def load() -> float:
    """Processes that ran or waited in the last minute, mean."""
    return os.getloadavg()[0]


def commit() -> str:
    """The commit that was measured, with a word where the tree differs from it."""
    revision, status = (
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()  # noqa: S603, S607
        for words in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "--untracked-files=no"))
    )
    changed = [line for line in status.splitlines() if not line.endswith("benchmarks/RESULTS.md")]
    return (revision or "unknown") + (" with changes" if changed else "")
