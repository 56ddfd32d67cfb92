"""What the template of each section needs besides its first sentence and its figures."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from analysis.answers import fates, inputs, same_cost, telling
from analysis.data.results import Results
from analysis.page import cards, front, notes, rows
from analysis.sentences.catalogue import Words, sentences

RECORD = (
    "name", "id", "created", "command", "start", "starts", "horizon", "discount_rate", "versions", "git", "hashes",
)  # fmt: skip
LONG = ("git", "hashes")
"""Parts of the record that are not printed."""
WITHOUT_SOURCE = ("assumption", "")


def findings(results: Results, words: Words) -> dict[str, Any]:
    """The answer in sentences and one table."""
    table = rows.differences(results, words)
    below = [table["below"], *([words("front_note_equal")] if table["equal"] else []), table["note"]]
    note = words("gap").join(below).strip()
    return {"summary": front.summary(results, words), "table": table, "head": table["head"], "note": note}


def change(results: Results, words: Words) -> dict[str, Any]:
    """What would change the answer, three reservations, and how to read ranges."""
    ranges = [
        words("range_spread", range=words.spread_name(results.n)),
        words("range_precision", n=results.n),
        words("range_limits"),
    ]
    return {
        "lines": front.would_change(results, words),
        "reservations": [words(f"caveat_{name}") for name in ("measure", "yields", "participation")],
        "ranges": words("gap").join([*ranges, words("effects_rule")]),
    }


def strategies(results: Results, words: Words) -> dict[str, Any]:
    """The table of strategies."""
    return {"groups": cards.build(results, words), "assumed": cards.assumed(results, words)}


def income(results: Results, words: Words) -> dict[str, Any]:
    """Levels of the reference by year, where gains come from, and what the mean hides."""
    reference = telling.quoted(results, results.reference, words)
    return {
        "years": rows.years_rows(results, words),
        "years_head": words("years_head", reference=reference),
        "sources": rows.sources_rows(results, words),
        "lines": [line for line in (front.drift_apart(results, words), partners(results, words)) if line],
    }


def partners(results: Results, words: Words) -> str:
    """How many companies, alliances and enterprises there are at the horizon, by strategies that have any."""
    parts = []
    for family, indicators in fates.FATES.items():
        keys = fates.having(results, family)
        if keys:
            number = [words.number(fates.last(results, key, indicators[0]), 0) for key in keys]
            low, high = (choose(number, key=lambda text: float(text.replace(",", ""))) for choose in (min, max))
            value = low if low == high else words("span", low=low, high=high)
            parts.append(words(f"partners_{family}", value=value))
    return words("partners", year=results.horizon, parts=words("semicolon").join(parts)) if parts else ""


def same_cost_lead(results: Results, words: Words) -> str:
    """What is compared; how the comparator was found stands in the table of strategies."""
    texts = [words("same_cost_lead"), words("same_cost_line")]
    return words("gap").join(texts if same_cost.grants(results) else [words("same_cost_none")])


def aim_lead(results: Results, words: Words) -> str:
    """Whose aim it is and what it leaves open."""
    found = rows.aim(results, words) or {}
    return words("own_question_text", aim=found["target"], starts=found["starts"])


def aim(results: Results, words: Words) -> dict[str, Any]:
    """The table of the district's own question."""
    found = rows.aim(results, words) or {}
    caption = words("question_caption", range=words.spread_name(results.n), aim=found["target"])
    return {"table": found, "caption": caption}


def money_lead(results: Results, words: Words) -> str:
    """What public cost is."""
    return words("money_lead", rate=f"{100 * results.discount_rate:g}%", year=results.start_year)


def money(results: Results, words: Words) -> dict[str, Any]:
    """What a village lifted costs, and why net benefit ranks nothing."""
    return {
        "effectiveness": rows.effectiveness_rows(results, words),
        "note": words("effectiveness_note", year=results.horizon),
        "not_counted": front.not_counted(results, words) if results.has("public_cost") else "",
    }


def what_next(results: Results, words: Words) -> dict[str, Any]:
    """What to do next, and what to cite."""
    return {"steps": front.next_steps(results, words), "cite": notes.citation(results, words)}


def left_out(results: Results, words: Words) -> dict[str, Any]:
    """What the model leaves out, the terms one needs, and the check of inputs."""
    lines = [
        text for key, text in sentences(words.lang).items() if key.startswith("left_out_") and key != "left_out_lead"
    ]
    return {"lines": lines, "terms": glossary(words), "inputs": rows.inputs_rows(results, words)}


def effects_lead(results: Results, words: Words) -> str:
    """What is compared with what."""
    return words("effects_lead", reference=telling.quoted(results, results.reference, words))


def effects(results: Results, words: Words) -> dict[str, Any]:
    """The whole table of effects."""
    return {"groups": rows.effects_rows(results, words)}


def parameters_lead(results: Results, words: Words) -> str:
    """How many parameters there are, how many worlds draw, and how many have no source."""
    assumed, count = inputs.without_source(results)
    counts = {"count": count, "assumed": assumed, "drawn": len(inputs.drawn(results))}
    return words("parameters_lead", **counts) if count else words("parameters_none")


def parameters(results: Results, words: Words) -> dict[str, Any]:
    """Parameters with their sources, and the questions that would settle those that are drawn."""
    lines = []
    for entry in results.manifest.get("parameters", []):
        source = str(entry.get("source") or "")
        default, value, low, high = (cards.shown(entry.get(n), words) for n in ("default", "value", "low", "high"))
        lines.append({
            "name": entry.get("name", ""), "label": words.own(str(entry.get(words.lang) or entry.get("name", ""))),
            "default": default, "value": value, "range": f"{low} … {high}",
            "unit": entry.get("unit_zh" if words.lang == "zh" else "unit") or entry.get("unit") or "",
            "source": words("assumption") if source.strip() in WITHOUT_SOURCE else source,
            "assumed": inputs.is_assumed(source),
        })  # fmt: skip
    asked = inputs.questions(results, words.lang)
    settled = {text: words("list_mark").join(map(words.own, names)) for text, names in asked.items()}
    return {"rows": lines, "questions": settled}


def glossary(words: Words) -> list[dict[str, str]]:
    """Terms in both languages with their meaning."""
    other = replace(words, lang="en" if words.lang == "zh" else "zh")
    keys = [key.removeprefix("term_") for key in sentences(words.lang) if key.startswith("term_")]
    return [{"term": words(f"term_{k}"), "other": other(f"term_{k}"), "meaning": words(f"meaning_{k}")} for k in keys]


def runs(results: Results, words: Words) -> str:
    """How many futures there are, and of which worlds and seeds."""
    told = {level: notes.numbers(results, level, words) for level in ("world", "seed")}
    return words("appendix_runs", n=results.n, worlds=told["world"], seeds=told["seed"], first=results.start_year,
                 last=results.horizon)  # fmt: skip


def record(results: Results, words: Words) -> dict[str, Any]:
    """Facts of the manifest that identify the study."""
    manifest = results.manifest
    facts = {name: manifest.get(name) for name in RECORD}
    if isinstance(facts["hashes"], dict):
        facts["hashes"] = {name: value for name, value in facts["hashes"].items() if "/" not in name}
    lines = [(name, as_text(value)) for name, value in facts.items() if value not in (None, "", {}, [])]
    district = manifest.get("district", {})
    if district.get("fingerprint"):
        lines.append(("district.fingerprint", str(district["fingerprint"])))
    return {"rows": lines, "long": LONG}


def as_text(value: Any) -> str:
    """A manifest value as short text."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {as_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(as_text(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
