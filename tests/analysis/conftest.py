"""Made-up studies for the tests of the analysis."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.data.results import Results

sys.path.insert(0, str(Path(__file__).parent))

import fake_study

from analysis import load
from analysis.data.seal import open_study, read_manifest
from analysis.page import write_report
from tests import studies

MADE_UP = "0a1b2"
"""How the id of a made-up study begins (`fake_study.write`)."""


def open_made_up(folder: Path) -> dict[str, Any]:
    """The manifest of a made-up study as it is; any other is opened as always, for other tests may run between
    those of this folder."""
    manifest = read_manifest(folder)
    return manifest if str(manifest.get("id", MADE_UP)).startswith(MADE_UP) else open_study(folder)


@pytest.fixture(autouse=True, scope="package")
def seals_do_not_count() -> Iterator[None]:
    """Tests alter a made-up study to see what is said of it; that an altered one is refused is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.data.results.open_study", open_made_up)
        yield


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an ordinary study: five strategies, two starts."""
    return fake_study.write(tmp_path_factory.mktemp("study"), futures=24, villages=40)


@pytest.fixture(scope="session")
def recommended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a study of recommendations, with enough worlds to tell what answers hang on."""
    keys = ["existing", *fake_study.RECOMMENDED]
    folder = tmp_path_factory.mktemp("recommended")
    return fake_study.write(folder, futures=60, villages=40, strategies=keys, starts=("bazhong_mean",))


@pytest.fixture(scope="session")
def recommended_pages(recommended: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the report of that study in both languages, written once for all workers; nobody alters it."""
    return studies.made_once(tmp_path_factory, "recommended_pages", lambda place: write_report(recommended, place))


@pytest.fixture(scope="session")
def results(study: Path) -> Results:
    """Results of that study."""
    return load(study)
