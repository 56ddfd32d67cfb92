"""Faults in how studies are designed, stopped, priced, stored and joined."""

from __future__ import annotations

from faults.fault import Fault, listed

DESIGNS = listed(
    "experiments",
    ("design", "points = -(-asked.futures // node", "points = (asked.futures // node", "design"),
    ("design", "1 << (points - 1).bit_length()", "1 << points.bit_length() - 1", "design"),
    ("design", 'np.arange(asked.futures) // node["repeats"]', 'np.arange(asked.futures) % node["repeats"]', "design"),
    ("design", "np.repeat(np.array(rows), asked.futures, axis=0)",
     "np.repeat(np.array(rows), asked.futures, axis=0)[::-1]", "design studies_by_hand"),
    ("design", "seeds = number % asked.futures", "seeds = number // asked.futures", "design"),
    ("design", "qmc.LatinHypercube if node", "qmc.Sobol if node", "studies_by_hand"),
    ("design", "rng = np.random.default_rng(node[\"seed\"])", "rng = np.random.default_rng(0)", "studies_by_hand"),
    ("design", "if item.drawn and name not in asked.fixed", "if item.drawn", "design studies_by_hand"),
    ("design", "sorted(set(numbers))", "sorted(numbers)", "design studies_by_hand"),
    ("design", "if asked.drawn else np.full(number, NO_WORLD)", "", "design studies_by_hand"),
    ("design", "if name in asked.fixed]", "if name not in asked.fixed]", "design studies_by_hand"),
    ("stopping", "[*range(self.least, futures", "[*range(self.step, futures", "stopping"),
    ("stopping", "value - values[reference]) <= self.tolerance", "value) <= self.tolerance", "stopping"),
    ("stopping", "return all(half_width", "return any(half_width", "stopping"),
    ("stopping", "np.std(known, ddof=1)", "np.std(known)", "stopping"),
    ("stopping", "(1 + CONFIDENCE) / 2", "CONFIDENCE", "stopping"),
    ("stopping", "(-(-value // batch) * batch", "(value // batch * batch", "studies_by_hand"),
    ("size", "study.options.horizon - study.options.start_year + 2", "study.options.horizon - study.options.start_year",
     "studies_by_hand"),
    ("size", "if needed > free:", "if needed > 1e3 * free:", "resume studies_by_hand"),
    ("size", "study.district.villages * (len(VILLAGE", "(len(VILLAGE", "studies_by_hand"),
)  # fmt: skip

COSTS = listed(
    "experiments",
    ("same_cost", "years >= start_year\n", "years > start_year\n", "studies_by_hand"),
    ("same_cost", "** -(years[simulated] - start_year)", "** -(years[simulated] - start_year + 1)",
     "studies_by_hand"),
    ("same_cost", "{**intensity, last: intensity[last] * scale}", "{year: value * scale for year, value in "
     "intensity.items()}", "studies_by_hand"),
    ("same_cost", "(abs(tried[scale] - target), scale)", "(-abs(tried[scale] - target), scale)", "same_cost"),
    ("same_cost", "tried[scale] > target and scale == 0", "tried[scale] < target and scale == 0", "same_cost"),
    ("same_cost", "tried[scale] < target and scale == highest", "tried[scale] > target and scale == highest",
     "same_cost"),
    ("same_cost", "round(low + (high - low) * along, 4)", "round(high - (high - low) * along, 4)", "same_cost"),
    ("found_scale", "(cost - target) / max(target, 1.0)", "(cost - target) / max(cost, 1.0)", "studies_by_hand"),
    ("found_scale", "max(target, 1.0)", "target", "studies_by_hand"),
    ("found_scale", '"reached": not self.reason', '"reached": bool(self.reason)', "studies_by_hand"),
    ("budget", "if int(year) <= last}", "if int(year) < last}", "budget"),
    ("budget", "intensity[last + 1] = 0", "intensity[last] = 0", "budget"),
    ("budget", "TOPPED_UP_FROM: 1}", "TOPPED_UP_FROM: 0}", "budget"),
    ("budget", "if strategy.key == equal_to:", "if False:", "budget"),
)  # fmt: skip

STORED = listed(
    "experiments",
    ("parts", "hash_of(village_file) == part.villages", "True", "resume"),
    ("tables", "np.asarray(result.years, dtype=np.int32)[year]),\n            **{\n",
     "np.asarray(result.years, dtype=np.int32)[year] + 1),\n            **{\n", "store studies_by_hand"),
    ("tables", "batch.futures.seeds[run]", "batch.futures.worlds[run]", "studies_by_hand"),
    ("tables", "np.asarray(district.town_of)[village]", "np.asarray(district.town_of)[village] * 0", "store "
     "studies_by_hand"),
    ("provinces", "np.bincount(row, minlength=rows) == len(villages_of)", "np.bincount(row, minlength=rows) > 0",
     "provinces"),
    ("provinces", "villages if how == VILLAGES else by_county(how)", "villages", "provinces"),
    ("provinces", "return added(by_county(name))", "return by_county(name).mean(axis=0)", "provinces"),
    ("merge", "horizon = min(piece.manifest", "horizon = max(piece.manifest", "merge"),
    ("merge", 'min(piece.manifest["futures"] for', 'max(piece.manifest["futures"] for', "merge studies_by_hand"),
    ("merge", 'table[table["strategy"] == piece.entry["source_key"]]', "table", "merge"),
    ("merge", 'return "default" if kind == NUMBERED and not drawn', 'return "default" if kind == NUMBERED and drawn',
     "merge studies_by_hand"),
    ("merge", "return designs[0] == designs[1] or all(", "return any(", "merge"),
    ("reproducer", 'f"only=[{failure.future}]"', 'f"only=[{failure.seed}]"', "studies_by_hand"),
    ("reproducer", "study.equal_to else OF_COMPARE[:5]", "not study.equal_to else OF_COMPARE[:5]",
     "studies_by_hand"),
)  # fmt: skip

FAULTS: list[Fault] = [*DESIGNS, *COSTS, *STORED]
