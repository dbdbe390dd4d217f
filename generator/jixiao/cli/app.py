"""The commands and the modules they are in; a module is imported when its command is asked for.

Who builds a site need not wait until the readers of Word forms are loaded. The help needs all of them.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn, cast

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from jixiao.cli.terminal import USER_LANGUAGE, teach
from jixiao.i18n import interface_words, message
from jixiao.problems import one_line

if TYPE_CHECKING:
    from typer._click.core import Command, Context
    from typer.core import TyperOption

MODULES: Final = {
    "check": "building",
    "build": "building",
    "serve": "serving",
    "verify": "building",
    "export": "exporting",
    "archive": "exporting",
    "import": "forms",
    "redact": "redacting",
    "new": "drafting",
    "fmt": "formatting",
    "migrate": "formatting",
    "explain": "explaining",
    "review": "reviewing",
    "doctor": "reviewing",
    "translate": "translating",
    "init": "starting",
    "admin": "administering",
    "ci": "continuous",
    "help": "helping",
    "version": "helping",
}
"""Command → module, in the order in which the help lists them."""
_ALIKE: Final = 0.5
"""How much of a name has to be right before it is taken for another one, from 0 to 1."""


class TaughtGroup(TyperGroup):
    """Commands with the help in the words of the interface; without a command it prints that help."""

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | None:
        """Find a command; `None` if there is none of this name."""
        found = cast("TyperCommand | None", super().get_command(ctx, cmd_name))
        return found and with_help_taught(found, ctx)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """Explain `--help` in the words of the interface."""
        return explained(super().get_help_option(ctx))

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Print the help and end well where nothing was asked for."""
        if not args and not ctx.resilient_parsing:
            print_help(self, ctx)
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, TyperCommand | None, list[str]]:
        """Find the command that *args* begin with; an unknown one is refused with the nearest name."""
        # What begins with a dash is an option that the library knows to refuse.
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            self.refuse(ctx, args[0])
        return cast("tuple[str, TyperCommand, list[str]]", super().resolve_command(ctx, args))

    def refuse(self, ctx: Context, name: str) -> NoReturn:
        """End with the message that there is no command *name*, and with the name that is nearest to it."""
        alike = get_close_matches(name.lower(), list(self.commands), n=1, cutoff=_ALIKE)
        saying = (
            message("没有“{name}”这个命令。是不是“{alike}”？", name=name, alike=alike[0])
            if alike
            else message("没有“{name}”这个命令。", name=name)
        )
        ctx.fail(one_line(saying.say(interface_words(USER_LANGUAGE))))


class OnDemand(TaughtGroup):
    """All commands, of which each is loaded when it is asked for."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - whatever the library gives a group
        """Know the names, which are enough to say what somebody may have meant."""
        super().__init__(**attributes)
        self.commands = dict.fromkeys(MODULES, TyperCommand(None))

    def get_command(self, ctx: Context, cmd_name: str) -> TyperCommand | None:
        """Load a command; `None` if there is none of this name."""
        if cmd_name not in MODULES:
            return None
        module = import_module(f"jixiao.cli.{MODULES[cmd_name]}")
        return with_help_taught(cast("TyperCommand", get_group(module.app).commands[cmd_name]), ctx)


def with_help_taught(command: TyperCommand, ctx: Context) -> TyperCommand:
    """Return *command* with `--help` explained in the words of the interface."""
    explained(command.get_help_option(ctx))
    return command


def explained(option: TyperOption | None) -> TyperOption | None:
    """Return *option*, which asks for help, with what it does."""
    if option is not None:
        option.help = teach("显示这段说明。")
    return option


def print_help(command: Command, ctx: Context) -> None:
    """Print the help of *command* as a result."""
    # The library prints what has colours itself and returns the rest.
    print(command.get_help(ctx))  # noqa: T201
