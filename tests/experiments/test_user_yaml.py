from __future__ import annotations

from pathlib import Path

import pytest

from experiments.user_yaml import check_file, check_folders


@pytest.mark.parametrize(
    "text",
    [
        "levers: {joint_building: {_target_: os.system}}",
        "hydra: {sweeper: {x: 1}}",
        "hydra/launcher: joblib",
        "defaults: [{override hydra/launcher: joblib}]",
        "defaults: [existing@hydra.job]",
        "defaults: [{existing@_global_: x}]",
        "# @package hydra.run\ndir: /tmp",
        "# @package _global_\nparameters: {fixed_cost: 3}",
        "levers: [{_args_: [1]}]",
        "levers: [1, 2",
        "",
        "- 1",
    ],
)
def test_what_could_run_code_or_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    problems = check_file(path)
    assert problems
    assert all("mine.yaml" in problem.file for problem in problems)


def test_files_of_another_encoding_are_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes("zh: 我的策略".encode("gbk"))
    assert "UTF-8" in check_file(path)[0].en


def test_the_line_of_the_mistake_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("zh: 我\nlevers:\n  joint_building:\n    _target_: os.system\n", encoding="utf-8")
    assert check_file(path)[0].row == 4


def test_the_package_s_own_files_pass() -> None:
    import conf

    for path in Path(conf.__file__).parent.glob("*/**/*.yaml"):
        assert check_file(path) == []


def test_a_folder_without_configuration_is_told(tmp_path: Path) -> None:
    assert check_folders([tmp_path / "absent"])
    assert check_folders([tmp_path])
