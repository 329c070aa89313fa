"""The one Panel theme: pmo_lib's tokens given to Material UI, to CSS and to Tabulator."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pmo_lib.plots.theme import DARK, FONT, LIGHT, THEMES, Tokens, css_variables, font_face

HERE = Path(__file__).parent
BAR = 48  # [pixels] height of the app bar
HIDDEN = {"position": "absolute", "width": 1, "height": 1, "overflow": "hidden", "clipPath": "inset(50%)", "whiteSpace": "nowrap", "transform": "none"}


@cache
def css(name: str) -> str:
    """A style sheet of this package, as in `page`."""
    return (HERE / f"{name}.css").read_text(encoding="utf-8")


def _palette(theme: Tokens) -> dict[str, Any]:
    return {
        "mode": theme.name,
        "primary": {"main": theme.accent, "contrastText": theme.on_accent},
        "background": {"default": theme.bg, "paper": theme.surface},
        "text": {"primary": theme.ink, "secondary": theme.ink_2},
        "divider": theme.line,
    }


def _components(theme: Tokens) -> dict[str, Any]:
    field = {"fontSize": 12, "lineHeight": "16px", "color": theme.ink, "backgroundColor": theme.surface, "borderRadius": 6}
    return {
        "MuiButtonBase": {"defaultProps": {"disableRipple": True}},
        "MuiPaper": {"defaultProps": {"elevation": 0}, "styleOverrides": {"root": {"backgroundImage": "none"}}},
        "MuiAppBar": {
            "defaultProps": {"elevation": 0},
            "styleOverrides": {
                "root": {"backgroundColor": theme.surface, "color": theme.ink_2, "borderBottom": f"1px solid {theme.line}", "backgroundImage": "none"}
            },
        },
        "MuiToolbar": {
            "styleOverrides": {"root": {"minHeight": f"{BAR}px !important", "height": BAR, "padding": "0 24px !important", "margin": "0 !important"}}
        },
        "MuiLinearProgress": {"defaultProps": {"aria-label": "Busy"}, "styleOverrides": {"root": {"position": "absolute", "bottom": -2, "height": 2}}},
        "MuiOutlinedInput": {
            "styleOverrides": {
                "root": field,
                "notchedOutline": {"borderColor": theme.edge, "borderWidth": 1, "top": 0, "& legend": {"display": "none"}},
                "input": {"padding": "6px 10px !important", "height": "16px !important", "lineHeight": "16px", "minHeight": "0 !important"},
            }
        },
        "MuiInputLabel": {
            "defaultProps": {"shrink": True},
            "styleOverrides": {"root": HIDDEN},
        },  # the chosen value names itself; the label is for screen readers
        "MuiMenu": {
            "styleOverrides": {"paper": {"backgroundColor": theme.surface, "border": f"1px solid {theme.line}", "boxShadow": "0 4px 16px rgba(0,0,0,.12)"}}
        },
        "MuiMenuItem": {"styleOverrides": {"root": {"fontSize": 13, "minHeight": 32}}},
        "MuiIconButton": {"styleOverrides": {"root": {"padding": 6}}},
        "MuiSvgIcon": {"styleOverrides": {"root": {"fontSize": 20}}},
    }


def _side(theme: Tokens) -> dict[str, Any]:
    return {
        "palette": _palette(theme),
        "typography": {"fontFamily": FONT, "fontSize": 13, "body1": {"fontSize": 13, "lineHeight": "20px"}},
        "shape": {"borderRadius": 8},
        "components": _components(theme),
    }


def theme_config() -> dict[str, Any]:
    """What panel-material-ui's theme takes, for both themes."""
    return {"light": _side(LIGHT), "dark": _side(DARK)}


def page_sx() -> dict[str, Any]:
    """The tokens as custom properties on the page's root, from which every part below inherits."""
    return {
        "backgroundColor": "var(--bg)",
        **{f"&.mui-{name}": {**css_variables(theme), "--font": FONT, "colorScheme": name} for name, theme in THEMES.items()},
        "& main": {"backgroundColor": "var(--bg)"},
    }


def document_css() -> str:
    """Style of the document around the page: the font, and the ground before the page is there."""
    still = "@media(prefers-reduced-motion:reduce){*{transition:none!important;animation:none!important}}"
    return f"{font_face()}html,body{{font-family:{FONT}}}{still}"
