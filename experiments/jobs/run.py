"""qiangcun run: one strategy, its study and a short report."""

from __future__ import annotations

from collections.abc import Mapping

import hydra
from omegaconf import DictConfig
from rich.console import Console
from rich.table import Table

from experiments.jobs.common import do, inside
from experiments.messages import bilingual, in_a_line
from sim.modes import self_finance_table
from sim.world import DECLARED

ABOUT = ("推演一个策略，生成简要报告", "simulate one strategy and write a short report")


@hydra.main(config_path="pkg://conf", config_name="run", version_base="1.3")
def main(config: DictConfig) -> None:
    """Run one strategy."""
    with inside("run", config) as job:
        if job.verbose:
            show_self_finance(job.study.parameters)
        do("run", job)


def show_self_finance(parameters: Mapping[str, float]) -> None:
    """Print the self-finance ratio of each mode: whether its surplus replaces what wears out and fails."""
    values = {name: float(parameters.get(name, item.default)) for name, item in DECLARED.items()}
    reserve = values["reserve_share"]
    reinvested = 1 - reserve - values["service_share"] - values["dividend_share"]
    table = Table(
        title=bilingual(
            "各模式自我积累比率（低于1则资产逐年缩小）", "self-finance ratio of each mode (below 1 assets shrink)"
        )
    )
    for zh, en in (("模式", "mode"), ("仅再投资", "reinvestment alone"), ("加公积金", "with the reserve")):
        table.add_column(in_a_line(zh, en), justify="left" if en == "mode" else "right")
    for row in self_finance_table(values, reinvested, reserve, values["leak_revenue"]):
        numbers = (f"{row['reinvested']:.2f}", f"{row['with_reserve']:.2f}")
        table.add_row(in_a_line(row["zh"], row["en"]), *numbers)
    Console().print(table)
