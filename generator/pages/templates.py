"""The page templates of the theme. None can print a bare `str`: what was typed goes through `Text`."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from markupsafe import Markup

from generator.compiled import compiled_templates
from generator.pages.template_slip import BadTemplate, require_theme, slip_in_template
from generator.text import Text
from generator.words import THEME


class BareValue(TypeError):  # noqa: N818 - named for what was found
    """A template tried to print something that nobody has escaped."""

    def __init__(self, kind: str) -> None:
        """Name the type that was printed."""
        super().__init__(f"a template may not print a {kind}: use Text, a voice, or the filter `e`")


def _printable(value: object) -> object:
    """Let through what is escaped or cannot need it; refuse the rest, loudly and at once."""
    match value:
        # What is undefined is let through to be printed, which fails and says what is missing.
        case Markup() | Text() | int() | Undefined():
            return value
        case _:
            kind = type(value).__name__
            raise BareValue(kind)


@cache
def environment() -> Environment:
    """Make the template environment, once a process: compiling a template costs more than filling it."""
    return Environment(
        loader=FileSystemLoader(THEME / "pages"),
        bytecode_cache=compiled_templates(),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        # `{#` begins an anchor in our Markdown (`## 来源 {#source}`), so comments are written `{## … ##}`.
        comment_start_string="{##",
        comment_end_string="##}",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def fill(template: str, values: dict[str, object]) -> str:
    """Fill the template `theme/pages/<template>.md.jinja`.

    Raises:
        BadTemplate: It cannot be filled; the slip says where and why.
    """
    name = f"{template}.md.jinja"
    try:
        return environment().get_template(name).render(values)
    except Exception as error:
        require_theme("pages")
        slip = slip_in_template(error, THEME / "pages" / name)
        if slip is None:
            raise
        raise BadTemplate(slip) from error
