"""qiangcun compare: several strategies in the same futures, and the report that compares them."""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from experiments.jobs.common import do, inside


@hydra.main(config_path="pkg://conf", config_name="compare", version_base="1.3")
def main(config: DictConfig) -> None:
    """Compare strategies."""
    with inside("compare", config) as job:
        do("compare", job)
