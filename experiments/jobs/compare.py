"""qiangcun compare: several strategies in the same futures, and the report that compares them."""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from experiments.jobs.common import do, inside

ABOUT = ("在相同的未来中比较多个策略，生成报告", "compare strategies in the same futures and write the report")


@hydra.main(config_path="pkg://conf", config_name="compare", version_base="1.3")
def main(config: DictConfig) -> None:
    """Compare strategies."""
    with inside("compare", config) as job:
        do("compare", job)
