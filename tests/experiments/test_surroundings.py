"""The folder one works in may come from somebody else: nothing in it is run, and it changes nothing that is drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).resolve().parents[2]
COMMAND = "import sys; sys.path = sys.path[1:]; from experiments.cli import main; main()"
"""What the installed command does: the current folder is not among the places of modules."""
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"},
    "PYTHONPATH": str(ROOT),
}
LIKE_MODULES = ("signal", "struct", "selectors", "tempfile", "pickle", "numpy", "matplotlib", "hydra_plugins")


def qiangcun(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", COMMAND, *words]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120,
                          check=False)  # fmt: skip


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A folder with Python files whose names are those of modules; each leaves a trace if it is run."""
    for name in LIKE_MODULES:
        text = f"open({str(tmp_path / 'run')!r}, 'a').write('{name} ')\nraise ImportError\n"
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_processes_that_compute_run_no_file_of_the_current_folder(sent: Path) -> None:
    words = ("strategies=[none,existing]", "futures=26", "horizon=2024", "residents=off", "workers=2", "report=false")
    ended = qiangcun(sent, "compare", *words)
    assert not (sent / "run").exists(), (sent / "run").read_text(encoding="utf-8")
    assert ended.returncode == 0, ended.stderr


def test_processes_that_draw_run_no_file_of_the_current_folder(sent: Path) -> None:
    words = ("strategy=existing", "futures=2", "horizon=2024", "residents=off", "workers=1")
    assert qiangcun(sent, "run", *words, "report=false").returncode == 0
    ended = qiangcun(sent, "report", "outputs")
    assert not (sent / "run").exists(), (sent / "run").read_text(encoding="utf-8")
    assert ended.returncode == 0, ended.stderr


def test_settings_of_matplotlib_in_the_current_folder_change_no_figure(tmp_path: Path) -> None:
    draw = (
        "import sys; sys.path = sys.path[1:]; import io; from analysis.drawing import style\n"
        "from matplotlib.figure import Figure\n"
        "with style.look():\n"
        "    figure = Figure(); axes = figure.subplots(); axes.plot([1, 3, 2]); axes.set_title('$x$ 村')\n"
        "    sink = io.StringIO(); figure.savefig(sink, format='svg', metadata={'Date': None}); print(sink.getvalue())"
    )
    drawn = []
    for settings in ("", "text.usetex: True\nlines.linewidth: 9\naxes.facecolor: red\nbackend: module://other\n"):
        (tmp_path / "matplotlibrc").write_text(settings, encoding="utf-8")
        ended = subprocess.run([sys.executable, "-c", draw], cwd=tmp_path, capture_output=True, text=True, timeout=60,
                               env=ENVIRONMENT, check=False)  # fmt: skip
        assert ended.returncode == 0, ended.stderr
        drawn.append(ended.stdout)
    assert drawn[0] == drawn[1]


def test_names_of_folders_send_no_commands_to_a_terminal(tmp_path: Path) -> None:
    words = ("strategy=existing", "futures=2", "horizon=2024", "residents=off", "workers=1", "report=false")
    assert qiangcun(tmp_path, "run", *words).returncode == 0
    (tmp_path / "outputs").rename(tmp_path / "a\x1b]0;b\x07\u202ec")
    for job in ("verify", "report"):
        ended = qiangcun(tmp_path, job, "a\x1b]0;b\x07\u202ec")
        assert ended.returncode == 0, ended.stderr
        told = ended.stdout + ended.stderr
        assert "\\u001b" in told or job == "report"
        assert not set("\x1b\x07\u202e") & set(told)
