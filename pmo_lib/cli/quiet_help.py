"""Commands whose help names what is to be typed, and no type of a programming language."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

TYPED = {"bool": "", "int": "N", "float": "N", "Path": "PATH", "str": "TEXT"}  # what stands beside an option of that type, where it names nothing itself


class QuietCommand(TyperCommand):
    """A command of `pmo`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters, each option with what is to be typed."""
        return _named(super().get_params(ctx))


class QuietGroup(TyperGroup):
    """`pmo` itself."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The same of `pmo` without a command."""
        return _named(super().get_params(ctx))


def _named(params: list[Any]) -> list[Any]:
    for option in params:
        if isinstance(option, TyperOption) and option.metavar is None:
            option.metavar = TYPED.get(option.bare_type())
        elif isinstance(option, TyperArgument) and option.metavar is not None:
            vars(option)["display_type_rich"] = _nothing  # the name of the argument says it; its type beside it would be Python's
    return params


def _nothing(ctx: Any) -> None:
    """No type."""
