"""The commands and the modules they are in; a module is imported when its command is asked for.

Who builds a site need not wait until the readers of Word forms are loaded. The help needs all of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, cast

from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

MODULES: Final = {
    "check": "building",
    "build": "building",
    "serve": "building",
    "verify": "building",
    "export": "exporting",
    "archive": "exporting",
    "import": "forms",
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
}
"""Command → module, in the order in which the help lists them."""


class OnDemand(TyperGroup):
    """All commands, of which each is loaded when it is asked for."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 - whatever the library gives a group
        """Know the names, which are enough to say what somebody may have meant."""
        super().__init__(**attributes)
        self.commands = dict.fromkeys(MODULES, TyperCommand(None))

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | None:
        """Load a command; `None` if there is none of this name."""
        del ctx
        if cmd_name not in MODULES:
            return None
        module = import_module(f"generator.cli.{MODULES[cmd_name]}")
        return cast("TyperCommand", get_group(module.app).commands[cmd_name])
