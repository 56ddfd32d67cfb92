"""What a browser may do with a page of ours: run the one script that stands in it, and ask for nothing."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import fake_study
import pytest

from analysis.page import write_report

CLOSED = ("default-src", "base-uri", "form-action")
"""What a page could ask by; the second and the third do not follow from the first."""
ASKING = {"link", "iframe", "frame", "object", "embed", "base", "form", "audio", "video", "source", "track", "portal"}
"""Elements by which a page asks for something, or sends something."""
NAMING = ("src", "href", "xlink:href", "srcset", "action", "formaction", "poster", "data", "background", "ping")


class Page(HTMLParser):
    """What of a page a browser could act on.

    Attributes:
        policies: content of each policy, with the number of scripts and styles that stand before it.
        scripts: text of each script.
        styles: text of each style, those of elements included.
        names: element and attributes of everything there is.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.policies: list[tuple[str, int]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.names: list[tuple[str, dict[str, str]]] = []
        self.inside: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.names.append((tag, found))
        self.styles += [found["style"]] if "style" in found else []
        if tag == "meta" and found.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append((found["content"], len(self.scripts) + len(self.styles)))
        self.inside = {"script": self.scripts, "style": self.styles}.get(tag)
        if self.inside is not None:
            self.inside.append("")

    def handle_data(self, data: str) -> None:
        if self.inside is not None:
            self.inside[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self.inside = None


def check(path: Path) -> None:
    """A page's policy lets its own script run, and neither policy nor page asks for anything."""
    page = Page(path.read_text(encoding="utf-8"))
    ((policy, before),) = page.policies
    assert before == 0, "a policy holds for what comes after it"
    allowed = {words[0]: words[1:] for words in (part.split() for part in policy.split(";"))}
    assert [allowed.pop(name, None) for name in CLOSED] == [["'none'"]] * len(CLOSED)
    marks = [b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in page.scripts]
    scripts = allowed.pop("script-src")
    assert {f"'sha256-{mark}'" for mark in marks} <= set(scripts)
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", source) for source in scripts)
    assert allowed == {"style-src": ["'unsafe-inline'"], "img-src": ["data:"]}
    for tag, found in page.names:
        assert tag not in ASKING, tag
        assert not [name for name in found if name.startswith("on")], (tag, found)
        assert tag != "meta" or found.get("http-equiv", "").lower() != "refresh"
        for name in set(NAMING) & found.keys():
            assert found[name].startswith("#" if tag != "img" and tag != "image" else "data:image/"), (tag, found[name])
    style = "\n".join(page.styles)
    assert "@import" not in style
    assert all(place.startswith(("#", "data:")) for place in re.findall(r"url\(\s*['\"]?([^)]*)", style))


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["report.html", "verdict.html"])
def test_a_page_runs_its_own_script_and_asks_for_nothing(recommended_pages: Path, name: str) -> None:
    check(recommended_pages / name)


@pytest.fixture(scope="module")
def small_sheet(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The sheet of recommendations of a small study."""
    folder, keys = tmp_path_factory.mktemp("small"), ["existing", "rec_joint_building"]
    study = fake_study.write(folder / "study", keys, futures=12, villages=12, horizon=2026, starts=("bazhong_mean",))
    write_report(study, folder / "report", languages=("en",))
    return (folder / "report" / "verdict.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("choose();", "choose( );"),
        ("default-src &#39;none&#39;", "default-src *"),
        ("img-src data:", "img-src data: https:"),
        ("</h1>", "</h1><img src='https://example.org/x.png'>"),
        ("</h1>", "</h1><a href='https://example.org'>x</a>"),
        ("</h1>", "</h1><p onclick='x()'>x</p>"),
        ("</style>", "p { background: url(https://example.org/x) }</style>"),
        ("<style>", "<link rel='stylesheet' href='x.css'><style>"),
        ("</h1>", "</h1><script>more()</script>"),
    ],
)
def test_whatever_would_ask_is_found(small_sheet: str, tmp_path: Path, old: str, new: str) -> None:
    assert old in small_sheet
    (tmp_path / "page.html").write_text(small_sheet.replace(old, new), encoding="utf-8")
    with pytest.raises(AssertionError):
        check(tmp_path / "page.html")
