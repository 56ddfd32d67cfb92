"""Whether a study is what it says: its seal, its id, all it says of itself, and a sample of its runs computed again.

What the seal covers can be altered by whoever seals it again; what is derived and computed again can't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from analysis.data.parquet import read_numbers
from analysis.data.seal import COUNTIES, RUNS, SEAL, VILLAGES, WORLDS, Unsealed, open_study, read_manifest
from experiments.comparing import Found, differences, differing, found, grouped, same_table
from experiments.found_scale import evaluated
from experiments.kept_inputs import kept
from experiments.manifest import describe_district, told, versions
from experiments.merge import joint_id, merge
from experiments.provinces import COUNTY, province_table
from experiments.reach import describe_reach
from experiments.same_cost import check_same_cost
from experiments.store import content_hash
from experiments.stored import FUTURE, RUN, read_study, stored_failures, stored_futures, stored_runs, table_of
from experiments.study import FUTURES_PER_BATCH, Batch, Study, as_plain, id_of, model_fingerprint
from experiments.tables import run_table, village_table, world_table
from experiments.tasks import compute, task_of
from scenarios.county_district import find_county
from scenarios.district import PLACES
from scenarios.plausibility import OPTIONS
from scenarios.province import Province, load_place
from sim.district import District
from sim.futures import Futures
from sim.policies.registry import check_strategy
from sim.problems import InputErrors
from sim.record import VILLAGES as WITH_VILLAGES

NUMERIC = ("system", "numpy", "scipy")
"""What the last digit of a number may hang on; other versions are told and do not count."""
NOT_DERIVED = ("created", "command", SEAL, "name", "versions", "git", "hashes", "content", "failed", "configuration")
"""Entries of a manifest that are looked at elsewhere, or that follow from nothing else in it."""
MOST_WORLDS = 500
"""Worlds that are drawn again."""
LETTERS = 12


@dataclass(frozen=True)
class Verification:
    """A study's folder and what it is checked against.

    Attributes:
        folder: the study.
        place: the district's folder, where it is none that comes with the package: no path of a manifest is followed.
        village_table: village table likewise.
        sample: number of runs to compute again.
        choice: seed of the choice of these runs.
    """

    folder: Path
    place: str = ""
    village_table: str = ""
    sample: int = 8
    choice: int = 0
    manifest: dict[str, Any] = field(init=False, default_factory=dict)

    def all(self) -> Iterator[Found]:
        """Everything, in the order in which it is told; where the seal is broken nothing else is looked at."""
        try:
            self.manifest.update(open_study(self.folder))
        except Unsealed as errors:
            yield Found(None, errors.problems[0].text("zh"), errors.problems[0].text("en"))
            return
        except InputErrors as errors:
            yield from (Found(False, problem.text("zh"), problem.text("en")) for problem in errors.problems)
            return
        yield Found(True, "封存码相符：文件无一缺失、改动或多余", "the seal: no file is missing, altered or added")
        checks: list[Callable[[], Iterator[Found]]] = [self.identity, self.versions, self.district, self.described,
                                                       self.rows, self.worlds, self.scales, self.again]  # fmt: skip
        for check in [self.identity, self.joint] if "sources" in self.manifest else checks:
            try:
                yield from check()
            except Exception as error:  # what this program has not written may be anything
                name = check.__name__
                what = f"{name}: {type(error).__name__}: {error}"[:300]
                yield Found(False, f"内容不是本程序所写：{what}", f"holds what this program does not write: {what}")

    def identity(self) -> Iterator[Found]:
        """The id, derived from the configuration and the fingerprints; and the content of the runs."""
        m = self.manifest
        if "sources" in m:
            keys = [entry["key"] for entry in m["strategies"]]
            derived = joint_id(m["sources"], keys, m["reference"], m["start"], m["horizon"])
        else:
            derived = id_of(m["configuration"], m["hashes"]["district"], m["hashes"]["model"])
        yield found(derived == m["id"], "推演标识", "the id")
        if "sources" not in m:
            table_of(self.folder)
            yield found(content_hash(self.folder / RUNS) == m["content"], "推演数据内容", f"the content of {RUNS}")

    @property
    def is_same_model(self) -> bool:
        """Whether the model is the one that made the study."""
        return bool(self.manifest["hashes"]["model"] == model_fingerprint())

    def versions(self) -> Iterator[Found]:
        """The model's code and the packages numbers depend on, then and now."""
        then, now = self.manifest["versions"], versions()
        if not self.is_same_model:
            made = then.get("qiangcun", "–")
            yield Found(None, f"模型代码与当时不同：请用当时的 {made} 版核验",
                        f"the model's code is another than then: verify with version {made}")  # fmt: skip
        other = [name for name in now if then.get(name) != now[name]]
        changed = "; ".join(f"{name} {then.get(name, '–')} → {now[name]}" for name in other)
        if set(other) & set(NUMERIC):
            yield Found(None, f"软件版本不同，末位数字可能不同；安装当时的版本方可担保：{changed}",
                        f"other versions: last digits may differ; install those of then: {changed}")  # fmt: skip
        else:
            more = f" ({changed})" if other else ""
            yield Found(True, f"影响数字的软件版本相符{more}", f"the same versions of what numbers hang on{more}")

    @cached_property
    def place_now(self) -> District | Province | str:
        """The district as it is now, or why it can't be read."""
        source = self.manifest["district"].get("source") or {}
        given, table = source.get("place") or self.manifest["district"]["key"], source.get("village_table")
        copies = kept(self.folder, source)
        own_place, own_table = self.place or copies[0], self.village_table or copies[1]
        is_ours = (
            isinstance(given, str)
            and re.fullmatch(r"\w+", given)
            and ((PLACES / given).is_dir() or isinstance(find_county(given), str))
        )
        if not own_place and not is_ours or table and not own_table:
            return f"{given} {table or ''}".strip()
        try:
            units = {name: source.get(name) for name in OPTIONS}
            return load_place(own_place or given, own_table, **units)
        except InputErrors as errors:
            return errors.text("zh")

    def district(self) -> Iterator[Found]:
        """The district's data, then and now."""
        if isinstance(self.place_now, str):
            yield Found(None, f"结果中写明的路径不自动打开；请用 --district、--village-table 指定：{self.place_now}",
                        "paths that a study names are not opened; name the district's data with --district, "
                        f"--village-table: {self.place_now}")  # fmt: skip
        else:
            same = self.place_now.fingerprint == self.manifest["hashes"]["district"]
            yield Found(same, "区县数据" + ("相符" if same else "与当时不同"),
                        "the district's data " + ("are the same" if same else "are others than then"))  # fmt: skip

    @cached_property
    def runs(self) -> pd.DataFrame:
        """Every run that was stored."""
        return stored_runs(self.folder)

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Every run that failed."""
        return stored_failures(self.folder)

    @cached_property
    def futures(self) -> Futures:
        """The futures of the design as far as they can be had."""
        return stored_futures(self.folder, self.manifest, self.runs, self.failures)

    @property
    def knows_futures(self) -> bool:
        """Whether they are those of the configuration."""
        return self.futures.fingerprint == self.manifest["configuration"]["futures"]

    @cached_property
    def study(self) -> Study:
        """The study as its configuration has it."""
        place = None if isinstance(self.place_now, str) else self.place_now
        study = read_study(self.manifest, place, self.futures)
        problems = study.options.check() + check_same_cost(study.strategies)
        problems += [wrong for item in study.strategies if place is not None and not isinstance(place, Province)
                     for wrong in check_strategy(item, place)]  # fmt: skip
        if problems:
            raise InputErrors(problems)
        return study

    def described(self) -> Iterator[Found]:
        """Everything the manifest repeats of its configuration, derived from it once more."""
        if not self.is_same_model or not self.knows_futures:
            yield Found(None, "未核对结果中的说明（模型不同，或方案的未来无法重现）",
                        "what the study says of itself was not derived again (another model, or futures of a design "
                        "that can't be had again)")  # fmt: skip
            return
        rule = self.study.stopping
        expected = told(self.study, len(self.met), None if rule is None else self.has_reached())
        if self.study.district is not None:
            source = self.study.source.get("place") or self.manifest["district"]["key"]
            key = re.split(r"[\\/]", source)[-1]  # the folder may have another name now
            expected["district"] = describe_district(self.study)
            if not getattr(self.study.district, "scaled_from", 0):  # a county's key is not its file's name
                expected["district"]["key"] = key
            expected["reach"] = describe_reach(self.study)
        derived = {name: value for name, value in as_plain(expected).items() if not self.is_unknown(name)}
        stored = {name: value for name, value in self.manifest.items() if name not in (*NOT_DERIVED, "id")}
        stored = {name: value for name, value in stored.items() if not self.is_unknown(name)}
        wrong = list(differing(derived, stored))
        if len(self.failures) != self.manifest["failed"]:
            wrong.append("failed")
        shown = ", ".join(wrong[:5])
        yield Found(not wrong, f"{len(wrong)} 处说明与配置不符：{shown}" if wrong else "说明与配置处处相符",
                    f"{len(wrong)} things the study says of itself do not follow from its configuration: {shown}"
                    if wrong else "all it says of itself follows from its configuration")  # fmt: skip

    def is_unknown(self, name: str) -> bool:
        """Whether an entry of the manifest can't be derived without the district's data, which are not at hand."""
        without = isinstance(self.place_now, str)
        of_province = name == "indicators" and (self.folder / COUNTIES).is_file()
        return without and (name in ("district", "reach") or of_province)

    def has_reached(self) -> bool:
        """Whether the precision asked for was reached, from the runs."""
        rule = self.study.stopping
        assert rule is not None  # noqa: S101 - `described` looks
        wanted = (ds.field("start") == self.study.options.start) & (ds.field("year") == rule.year)
        rows = table_of(self.folder).to_table(columns=["strategy", *FUTURE, rule.indicator], filter=wanted).to_pandas()
        values = rows.pivot(index=FUTURE, columns="strategy", values=rule.indicator)
        return rule.is_reached({key.key: values[key.key].to_numpy() for key in self.study.strategies},
                               self.study.reference)  # fmt: skip

    @cached_property
    def met(self) -> Futures:
        """The futures that were run: as many of the design's first ones as the tables hold."""
        there = pd.concat([self.runs[FUTURE], self.failures[FUTURE]]).drop_duplicates()
        return self.futures.take(slice(0, len(there)))

    def rows(self) -> Iterator[Found]:
        """Every run of the design is there once with all its years, or among the failures, and no other."""
        if not self.knows_futures:
            yield Found(None, "方案的未来无法重现，未核对推演是否齐全",
                        "futures of the design can't be had again: not known whether every run is there")  # fmt: skip
            return
        options = self.study.options
        years = options.horizon - options.start_year + 2
        met = pd.MultiIndex.from_arrays([self.met.worlds, self.met.seeds])
        counties = self.runs[COUNTY].unique() if isinstance(self.place_now, str) else [
            place.key if isinstance(self.place_now, Province) else "" for place in self.study.places
        ]  # fmt: skip
        groups = {key: pd.MultiIndex.from_frame(some[FUTURE]) for key, some in self.runs.groupby(RUN[:3])}
        failed = {key: pd.MultiIndex.from_frame(some[FUTURE]) for key, some in self.failures.groupby(RUN[:2])}
        expected = [(strategy.key, start, county) for strategy, start in self.study.pairs for county in counties]
        none = met[:0]
        good = set(groups) <= set(expected) and set(failed) <= {key[:2] for key in expected}
        good = good and bool((self.runs[["nunique", "size"]] == years).all(axis=None))
        good = good and bool((self.runs[["min", "max"]] == [options.start_year - 1, options.horizon]).all(axis=None))
        for key in expected:
            there, lost = groups.get(key, none), failed.get(key[:2], none)
            good = good and not len(there.difference(met)) and not len(met.difference(there).difference(lost))
            good = good and not len(lost.difference(met)) and (key[2] != "" or not len(lost.intersection(there)))
        yield found(good, f"推演（{len(self.runs)} 次）与方案", f"the list of {len(self.runs)} runs and the design")
        if isinstance(self.place_now, Province):
            table = pq.ParquetFile(self.folder / COUNTIES)
            parts = (table.read_row_group(number) for number in range(table.num_row_groups))
            joined = pa.concat_tables([province_table(part, self.place_now.villages_of) for part in parts])
            whole = pq.read_table(self.folder / RUNS)
            same = same_table(whole, joined.select(whole.column_names))
            yield found(same, "由各县合计的全省数字", "the province as the sum of its counties")

    def worlds(self) -> Iterator[Found]:
        """The parameters of worlds, drawn again from their numbers."""
        if not self.is_same_model or not self.knows_futures:
            yield Found(None, "未重新抽取各世界的参数", "parameters of worlds were not drawn again")
            return
        stored, met = read_numbers(self.folder / WORLDS), self.met.one_each()
        chosen = np.sort(np.random.default_rng(self.choice).permutation(len(met))[:MOST_WORLDS])
        drawn = world_table(self.study, met.take(chosen))
        good = np.array_equal(stored["world"].to_numpy(), met.worlds) and np.array_equal(
            stored["draw"].to_numpy(), met.draws
        )
        good = good and same_table(stored.take(chosen), drawn)
        yield found(good, f"世界（{len(met)} 个，重新抽取 {len(chosen)} 个）",
                    f"the table of {len(met)} worlds, {len(chosen)} of them drawn again")  # fmt: skip

    def scales(self) -> Iterator[Found]:
        """Costs that were made equal, against what the study's own runs cost."""
        yield from (Found(*seen) for seen in evaluated(self.folder, self.manifest))

    def again(self) -> Iterator[Found]:
        """A random sample of runs and of failures, computed once more and compared number by number."""
        if isinstance(self.place_now, str) or not self.knows_futures:
            yield Found(None, "未抽样重算（数据不全）", "no runs were computed again (data are missing)")
            return
        chosen = self.runs.sample(min(self.sample, len(self.runs)), random_state=self.choice)
        lost = self.failures.sample(min(self.sample, len(self.failures)), random_state=self.choice)
        wrong = set()
        for (strategy, start, county), some in chosen.groupby(["strategy", "start", COUNTY]):
            for run, one in self.compared(strategy, start, county, some):
                wrong.add(run)
                yield one
        for row in lost.to_dict("records"):
            if not self.fails(row):
                wrong.add(str(row))
                run = f"{row['strategy']}, {row['start']}, world {row['world']}, seed {row['seed']}"
                yield Found(
                    False, f"{run}：记为失败，重算却未如此失败", f"{run}: is said to have failed, and does not so"
                )
        count, of = len(chosen) + len(lost), len(self.runs) + len(self.failures)
        good, share = count - len(wrong), f"{count / max(of, 1):.1%}"
        yield Found(not wrong, f"抽样重算 {count} 次推演（占 {share}，抽样种子 {self.choice}），{good} 次逐位相同",
                    f"{count} runs computed again, {good} of them the same bit for bit ({share} of all; sample seed "
                    f"{self.choice})")  # fmt: skip

    def compared(self, strategy: str, start: str, county: str, runs: pd.DataFrame) -> Iterator[tuple[str, Found]]:
        """What differs in runs of one strategy in one place, in the district's numbers and in the villages'."""
        places = pd.MultiIndex.from_arrays([self.futures.worlds, self.futures.seeds]).get_indexer(
            pd.MultiIndex.from_frame(runs[FUTURE])
        )
        wanted = (ds.field("strategy") == strategy) & (ds.field("start") == start)
        wanted &= ds.field("world").isin(runs["world"].tolist())
        then = table_of(self.folder).to_table(filter=wanted & (ds.field(COUNTY) == county) if county else wanted)
        for first in range(0, len(runs), FUTURES_PER_BATCH):
            batch = self.batch(strategy, start, county, np.sort(places[first : first + FUTURES_PER_BATCH]))
            result = compute(task_of(self.study, batch))
            tables = [(then, run_table(batch, result), ["year"])]
            if self.study.detail == WITH_VILLAGES:
                stored = ds.dataset(sorted((self.folder / VILLAGES).glob("*.parquet")))
                tables.append(
                    (stored.to_table(filter=wanted), village_table(batch, result), ["year", "village", "town"])
                )
            for old, new, keys in tables:
                for run, rows in grouped(new, keys).items():
                    name = ", ".join(filter(None, [strategy, start, county, "world {}, seed {}".format(*run)]))
                    yield from ((name, one) for one in differences(name, grouped(old, keys).get(run), rows))

    def batch(self, strategy: str, start: str, county: str, places: np.ndarray) -> Batch:
        """Some futures of one strategy."""
        study = self.study
        place = next(place for place in study.places if county in ("", place.key))
        here = study.strategy_in(place, next(item for item in study.strategies if item.key == strategy))
        return Batch("again", place, here, start, 0, self.futures.take(places))

    def fails(self, row: Mapping[str, Any]) -> bool:
        """Whether a run that is said to have failed fails in the same way, in any of its places."""
        same = (self.futures.worlds == row["world"]) & (self.futures.seeds == row["seed"])
        for place in self.study.places:
            county = place.key if isinstance(self.place_now, Province) else ""
            try:
                compute(task_of(self.study, self.batch(row["strategy"], row["start"], county, np.flatnonzero(same))))
            except Exception as error:  # it is compared, whatever it is
                if f"{type(error).__name__}: {error}" == row["error"]:
                    return True
        return False

    def joint(self) -> Iterator[Found]:
        """A joint study: its sources are sealed, give the same joint study, and are themselves what they say."""
        sources = {item["id"]: self.source(item) for item in self.manifest["sources"]}
        there = [folder for folder in sources.values() if folder is not None]
        if len(there) < len(sources):
            names = ", ".join(name[:8] for name, folder in sources.items() if folder is None)
            yield Found(None, f"合并前的推演不在旁边的文件夹中，或已不同，无法核对：{names}",
                        f"studies it was made of do not lie beside it, or are others now: {names}")  # fmt: skip
            return
        with TemporaryDirectory() as place:
            made = merge(there, Path(place), self.manifest["reference"])
            again = read_manifest(made)
            same = again[SEAL] == self.manifest[SEAL]
            apart = [] if same else list(differing(without_files(again), without_files(self.manifest)))
            if not same and not apart and content_hash(made / RUNS) == content_hash(self.folder / RUNS):
                yield Found(None, "再次合并内容相同而字节不同（另一版本的 pyarrow？）",
                            "joined again it holds the same in other bytes (another version of pyarrow?)")  # fmt: skip
            else:
                yield found(same, "由来源再次合并的结果", "the same studies, joined once more")
        for folder in there:
            yield Found(True, f"来源 {folder.name}", f"source {folder.name}")
            yield from replace(self, folder=folder).all()

    def source(self, item: Mapping[str, Any]) -> Path | None:
        """The folder beside this one of a study it was made of, with the same id and seal; None where there is none."""
        if not re.fullmatch(r"[0-9a-f]{64}", item["id"]):
            raise ValueError("id")
        for folder in sorted(self.folder.resolve().parent.glob(f"*-{item['id'][:8]}")):
            try:
                manifest = read_manifest(folder)
            except InputErrors:
                continue
            if manifest.get("id") == item["id"] and manifest.get(SEAL) == item[SEAL]:
                return folder
        return None

    @property
    def citation(self) -> str:
        """What to cite; empty where the seal is broken."""
        if not self.manifest:
            return ""
        m = self.manifest
        marks = {"study": m["id"], "results": m.get("content", m["hashes"].get(RUNS)), "model": m["hashes"]["model"],
                 "district": m["hashes"]["district"], "seal": m[SEAL]}  # fmt: skip
        version = m["versions"]["qiangcun"]
        return f"qiangcun {version} " + " ".join(f"{name}:{str(mark)[:LETTERS]}" for name, mark in marks.items())


def without_files(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """A manifest without what differs between two writings of the same content."""
    return {name: value for name, value in manifest.items() if name not in ("created", "command", SEAL, "hashes")}
