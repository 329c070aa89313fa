"""The contrast table of the visual language, computed anew from the tokens (WCAG 2.2, relative luminance)."""

from __future__ import annotations

import pytest

from pmo_lib.plots.theme import DARK, FONT_FILE, LIGHT, Tokens, css_variables, font_face


def luminance(color: str) -> float:
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("surface", "bg", "sunken")
TABLE = {  # token: ratios on surface, bg, sunken; as printed in the visual language
    "light": {
        "ink": (17.8, 16.4, 15.4), "ink_2": (8.8, 8.1, 7.6), "ink_3": (5.5, 5.1, 4.8), "accent": (6.0, 5.6, 5.2),
        "on_track": (4.3, 4.0, 3.7), "at_risk": (3.8, 3.5, 3.3), "off_track": (6.6, 6.1, 5.7), "plan": (3.3, 3.1, 2.9), "edge": (3.3, 3.1, 2.9),
    },
    "dark": {
        "ink": (15.3, 16.4, 13.9), "ink_2": (9.3, 10.0, 8.5), "ink_3": (5.9, 6.3, 5.3), "accent": (8.1, 8.6, 7.3),
        "on_track": (8.2, 8.7, 7.4), "at_risk": (9.6, 10.2, 8.7), "off_track": (6.1, 6.5, 5.5), "plan": (4.3, 4.6, 3.9), "edge": (4.3, 4.6, 3.9),
    },
}  # fmt: skip


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_ratios_are_those_of_the_visual_language(theme: Tokens) -> None:
    found = {token: tuple(contrast(getattr(theme, token), getattr(theme, ground)) for ground in GROUNDS) for token in TABLE[theme.name]}
    for token, ratios in TABLE[theme.name].items():
        assert found[token] == pytest.approx(ratios, abs=0.06), token


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_text_and_marks_can_be_seen(theme: Tokens) -> None:
    for ground in GROUNDS:
        assert all(contrast(getattr(theme, text), getattr(theme, ground)) >= 4.5 for text in ("ink", "ink_2", "ink_3", "accent"))
        assert all(contrast(getattr(theme, mark), getattr(theme, ground)) >= 3 for mark in ("on_track", "at_risk", "off_track"))
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert min(contrast(color, theme.surface) for color in theme.categorical) >= (6.1 if theme.dark else 3.4) - 0.06


@pytest.mark.parametrize(("theme", "dark_text"), [(LIGHT, LIGHT.ink), (DARK, DARK.ink)])
def test_heat_map_carries_text(theme: Tokens, dark_text: str) -> None:
    late = "#FFFFFF" if theme is LIGHT else "#0B1220"
    assert all(contrast(dark_text, step) >= 4.5 for step in theme.sequential[:4])
    assert all(contrast(late, step) >= 4.5 for step in theme.sequential[4:])


def test_the_font_is_carried_along() -> None:
    assert FONT_FILE.stat().st_size < 80_000
    assert (FONT_FILE.parent / "OFL.txt").read_text(encoding="utf-8").count("SIL Open Font License") >= 1
    assert "url(" in font_face()
    assert "http" not in font_face().split("base64,")[0]


def test_css_names() -> None:
    names = css_variables(DARK)
    assert names["--ink-2"] == DARK.ink_2
    assert names["--fan-outer"] == "0.2"
    assert "--name" not in names
