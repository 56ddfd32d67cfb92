"""qiangcun sweep: cells that differ in a few settings, in the same futures, and the report that reads them off."""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from experiments.jobs.common import do, inside

ABOUT = (
    "扫描：几项设置各取几个值，所有组合在相同的未来中比较",
    "values of a few settings crossed, all in the same futures, read off in one report",
)


@hydra.main(config_path="pkg://conf", config_name="sweep", version_base="1.3")
def main(config: DictConfig) -> None:
    """Run a sweep."""
    with inside("sweep", config) as job:
        do("sweep", job)
