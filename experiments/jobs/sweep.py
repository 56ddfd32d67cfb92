"""qiangcun sweep: cells that differ in a few settings, in the same futures, and the report that reads them off."""

from __future__ import annotations

import hydra
from omegaconf import DictConfig

from experiments.jobs.common import do, inside


@hydra.main(config_path="pkg://conf", config_name="sweep", version_base="1.3")
def main(config: DictConfig) -> None:
    """Run a sweep."""
    with inside("sweep", config) as job:
        do("sweep", job)
