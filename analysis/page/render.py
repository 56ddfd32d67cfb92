"""Fill a template with the pages of all languages."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

HERE = Path(__file__).parent
SCRIPTS = ("language.js", "figures.js")
POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'sha256-{mark}'; "
    "style-src 'unsafe-inline'; img-src data:"
)
"""What a browser may do with a page: run our script and no other, and ask for nothing."""


def render(template: str, pages: list[dict], out: Path, name: str = "report.html") -> Path:
    """Fill a template with the pages of all languages and write it."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = "\n" + "".join((HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    mark = b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    shared = {
        "policy": POLICY.format(mark=mark),
        "css": Markup((HERE / "style.css").read_text(encoding="utf-8")),  # noqa: S704 (our own file)
        "script": Markup(f"<script>{script}</script>"),  # noqa: S704
    }
    path = out / name
    path.write_text(environment.get_template(template).render(pages=pages, **shared), encoding="utf-8")
    return path
