"""Write the numbers of docs/scale.md from benchmarks/RESULTS.md: `python docs/make_scale.py`, after `make bench`.

The page is prose with tables between marks; only the tables are written here, the prose by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET, RESULTS = ROOT / "docs" / "scale.md", ROOT / "benchmarks" / "RESULTS.md"

VILLAGES, BATCH, YEARS = 209, 25, 12
"""Of Enyang, of a batch, of a run from 2024 to 2035: what the constants were measured with."""
STRATEGIES = 4
"""Of the studies that stand as examples."""
PLACES = {"province 省 (Sichuan)": (25_360, 176, 443), "country 全国": (490_986, 2_846, 1_122)}
"""Villages, counties with villages, and villages of the largest county; division codes of 2023."""
YUAN_PER_CORE_HOUR, YUAN_PER_GB_MONTH = 0.25, 0.12
"""Assumptions: what a rented core costs an hour, and a stored gigabyte a month. Put in what you pay."""
NIGHT_HOURS = 10
CORES, DISK_GB, FILES = 4, 500, 1_000_000
"""A laptop: cores, free disk, and the number of files in one folder that tools still handle well."""

Constants = Mapping[str, float]


def constants(results: str) -> dict[str, float]:
    """The numbers by which a study is sized, from the text of RESULTS.md."""
    part = results.partition("## What a study is sized by")[2].partition("\n## ")[0]
    return {name: float(value) for name, value in re.findall(r"^\| `(\w+)` \|.*\| ([\d.e+-]+) \|$", part, re.MULTILINE)}


def seconds_of_run(c: Constants, villages: float, places: float = 1, detail: str = "district") -> float:
    """Seconds of one core for one run of `places` districts with together so many villages, stored.

    A district costs something whatever its size; the two sizes measured tell how much.
    """
    each = (c["seconds_2090"] - c["seconds_209"]) / (9 * VILLAGES)
    fixed = max(c["seconds_209"] - each * VILLAGES, 0.0)
    storing = max(c[f"seconds_{detail}"] - c["seconds_209"], 0.0)
    size = villages / VILLAGES if detail == "villages" else places
    return places * fixed + villages * each + storing * size


def bytes_of_run(c: Constants, places: float) -> float:
    """Bytes stored of one run of so many districts, whatever their size: indicators alone are kept of a province."""
    return places * c["bytes_district"]


def gib_of_worker(c: Constants, villages: float) -> float:
    """Memory of one worker with a batch of a district of so many villages, GiB."""
    return c["process_mib"] / 1024 + BATCH * max(villages - VILLAGES, 0) * c["batch_bytes"] / 2**30


def duration(seconds: float) -> str:
    """Seconds in the unit that one would say."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def room(size: float) -> str:
    """Bytes in the unit that one would say."""
    for unit, bytes_ in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= bytes_:
            return f"{size / bytes_:,.1f} {unit}"
    return f"{size / 1e3:.1f} kB"


def table(heads: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; words in the first column."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def measured(c: Constants) -> str:
    """The constants of the formulas."""
    rows = [
        ["t, seconds of a core a run, 209 villages", f"{c['seconds_209']:.4f}", "4"],
        ["the same, 2,090 villages", f"{c['seconds_2090']:.3f}", "4"],
        ["s, a run computed and stored, `detail=district`", f"{c['seconds_district']:.4f}", "7"],
        ["the same, `detail=villages`", f"{c['seconds_villages']:.4f}", "7"],
        ["b, stored a run, `detail=district`", room(c["bytes_district"]), "7"],
        ["the same, `detail=villages`", room(c["bytes_villages"]), "7"],
        ["m, memory of a worker, one batch of 25", f"{c['process_mib']:.0f} MiB", "6"],
        ["more a village and run of a batch", f"{c['batch_bytes'] / 1024:.1f} KiB", "4"],
        ["more a run of the study when results are joined, from 100 to 1,000 runs", f"{c['join_kib']:.1f} KiB", "6"],
        ["g, two workers on two cores", f"{c['two_workers']:.2f} times", "8"],
        ["starting the workers", f"{c['seconds_workers']:.1f} s", "8"],
        ["`residents=all`, seconds of a core a run", f"{c['seconds_all_residents']:.2f}", "5"],
        ["`residents=all`, memory a resident", f"{c['bytes_resident']:.0f} bytes", "5"],
    ]
    return table(["constant", "measured", "row"], rows)


def studies(c: Constants) -> str:
    """Time and room of studies of Enyang."""
    two = c["two_workers"]
    rows = []
    for name, runs in (("compare, default: 9 × 100", 900), ("Sobol, 20,000 runs", 20_000), ("100,000 runs", 100_000)):
        for detail in ("district", "villages"):
            seconds = runs * c[f"seconds_{detail}"]
            rows.append([f"{name}, `detail={detail}`", duration(seconds), duration(seconds / two),
                         room(runs * c[f"bytes_{detail}"])])  # fmt: skip
    return table(["study of Enyang", "one core", "two cores", "stored"], rows)


def night(c: Constants) -> str:
    """How many runs a laptop computes while its owner sleeps."""
    rows = []
    for cores, gain in ((1, 1.0), (2, c["two_workers"]), (CORES, c["two_workers"] * CORES / 2)):
        runs = NIGHT_HOURS * 3600 * gain / c["seconds_district"]
        everybody = NIGHT_HOURS * 3600 * gain / c["seconds_all_residents"]
        rows.append([f"{cores}", f"{runs:,.0f}", f"{runs / STRATEGIES:,.0f}", f"{everybody:,.0f}"])
    heads = ["cores", f"runs in {NIGHT_HOURS} hours", f"futures of {STRATEGIES} strategies", "runs of `residents=all`"]
    return table(heads, rows)


def large(c: Constants, name: str) -> str:
    """The arithmetic of a province or the country."""
    villages, counties, largest = PLACES[name]
    rows = []
    for label, futures in (
        ("one run", 1 / STRATEGIES),
        ("100 futures, 4 strategies", 100),
        ("5,000, 4 strategies", 5000),
    ):
        runs = futures * STRATEGIES
        seconds = runs * seconds_of_run(c, villages, counties)
        hours = seconds / 3600
        rows.append([
            label, f"{hours:,.3f}" if hours < 10 else f"{hours:,.0f}", duration(seconds / c["two_workers"]),
            duration(seconds / 100), room(runs * bytes_of_run(c, counties)),
            f"{hours * YUAN_PER_CORE_HOUR:,.3g}",
        ])  # fmt: skip
    heads = [f"{villages:,} villages in {counties:,} counties", "core-hours", "two cores", "100 cores",
             "stored", "computing, yuan*"]  # fmt: skip
    memory = (
        f"\n\nMemory of a worker with the largest county ({largest:,} villages): {gib_of_worker(c, largest):.1f} GiB."
    )
    return table(heads, rows) + memory


def breaking(c: Constants) -> str:
    """At how many futures of the country each limit of one computer is reached, the first first."""
    villages, counties, _ = PLACES["country 全国"]
    seconds = STRATEGIES * seconds_of_run(c, villages, counties)
    found = [
        (NIGHT_HOURS * 3600 * c["two_workers"] * CORES / 2 / seconds, f"a night of {CORES} cores is over"),
        (DISK_GB * 1e9 / STRATEGIES / bytes_of_run(c, counties), f"results fill {DISK_GB} GB"),
        (FILES * BATCH / STRATEGIES / counties, f"there are {FILES:,} parts, one a batch and county"),
    ]  # fmt: skip
    rows = [[what, f"{futures:,.0f}"] for futures, what in sorted(found)]
    return table(["what is reached", f"at so many futures of {STRATEGIES} strategies"], rows)


BLOCKS: dict[str, Callable[[Constants], str]] = {
    "constants": measured,
    "studies": studies,
    "night": night,
    "province": lambda c: large(c, "province 省 (Sichuan)"),
    "country": lambda c: large(c, "country 全国"),
    "limits": breaking,
}


def text(page: str, results: str) -> str:
    """The page with its tables written anew."""
    c = constants(results)
    for name, block in BLOCKS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, found, rest = page.partition(begin)
        if not found or end not in rest:
            raise SystemExit(f"docs/scale.md: no place for the table {name}")
        page = f"{before}{begin}\n\n{block(c)}\n\n{end}{rest.partition(end)[2]}"
    return page


if __name__ == "__main__":
    page = text(TARGET.read_text(encoding="utf-8"), RESULTS.read_text(encoding="utf-8"))
    TARGET.write_text(page, encoding="utf-8", newline="\n")
