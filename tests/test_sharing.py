"""What tests share is what each would have made for itself; the tiers are what their words say."""

from __future__ import annotations

from pathlib import Path

import hydra
import pytest
from omegaconf import AnyNode, OmegaConf

from analysis.data.seal import VILLAGES, open_study
from experiments.comparing import outcome
from experiments.compose import session
from experiments.user_yaml import offer
from experiments.verify import Verification
from tests import studies
from tests.tiers import fast


@pytest.mark.thorough
def test_the_small_study_is_whole_and_verified(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    manifest = open_study(small_study)
    assert len(manifest["strategies"]) == 4 and not manifest["failed"]
    assert (small_study / VILLAGES).is_dir()
    assert outcome(list(Verification(small_study, sample=1).all())) == 0
    again = studies.made_once(tmp_path_factory, "small", lambda place: pytest.fail("it was there"))
    assert small_study.parents[1] == again


@pytest.mark.thorough
@pytest.mark.parametrize("words", [[], ["strategy=existing", "futures=3"], ["strategy=mine"]])
def test_what_is_composed_once_is_what_hydra_composes(words: list[str]) -> None:
    for text in ("a", "b"):
        before = offer({"strategy": {"mine": OmegaConf.create({"zh": text})}})
        try:
            with session():
                found = hydra.compose("run", words, return_hydra_config=True)
                expected = studies._compose("run", words, return_hydra_config=True)
        finally:
            offer(before)
        for config in (found, expected):
            assert OmegaConf.to_container(config, resolve=False)["strategy"]["zh"] == text or words != ["strategy=mine"]
        assert OmegaConf.masked_copy(found, [key for key in found if key != "hydra"]) == OmegaConf.masked_copy(
            expected, [key for key in expected if key != "hydra"]
        )
        assert found.hydra.runtime.choices == expected.hydra.runtime.choices


def test_a_leaf_is_copied_as_omegaconf_copies_it() -> None:
    leaf = OmegaConf.create({"a": "x"})._get_node("a")
    assert isinstance(leaf, AnyNode)
    leaf._set_flag("readonly", True)
    found, expected = studies.leaf_copied(leaf, {}), AnyNode()
    leaf._deepcopy_impl(expected, {})
    assert found.__dict__ == expected.__dict__ and found._metadata.flags == {"readonly": True}
    assert found._metadata is not leaf._metadata and found._metadata.flags is not leaf._metadata.flags


def test_cases_are_fast_by_number_or_by_what_they_are() -> None:
    assert fast("ab", 1)[0] == "a"
    assert [mark.name for mark in fast("ab", 1)[1].marks] == ["thorough"]
    cases = fast([(1, "x"), (2, "y")], lambda case: case[0] == 2)
    assert cases[0].values == (1, "x") and cases[1] == (2, "y")
