"""Content to HTML: fills the templates, which whoever only writes a page or a mail can do without the means to print."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from reports.pdf.skins import is_power

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def render_html(template: str, content: Mapping[str, object]) -> str:
    """Fill a template; an unknown name raises jinja2.UndefinedError."""
    return _environment().get_template(template).render(content)


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        # What goes out as plain text is read as it stands: K'Bang, not K&#39;Bang.
        autoescape=lambda name: name is None or not name.endswith(".txt.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["a_power"] = is_power
    environment.filters["percent"] = "{:.1%}".format
    return environment
