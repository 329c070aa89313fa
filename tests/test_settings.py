"""Settings: flag, then environment, then the workspace's file, then the user's, then the default; each with its origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from pmo_lib.errors import InvalidInput
from pmo_lib.settings import SETTINGS, settings


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace's folder; the user's own file says port 4 and seed 7."""
    monkeypatch.setattr("pmo_lib.settings.user_file", lambda: tmp_path / "user.toml")
    (tmp_path / "user.toml").write_text("[serve]\nport = 4\n[forecast]\nseed = 7\n")
    (tmp_path / "pmo.toml").write_text('java = "/opt/java"\n[serve]\nport = 3\n')
    return tmp_path


def test_the_nearest_voice_is_heard(files: Path) -> None:
    for flags, environ, told in [
        ({"serve.port": 1}, {"PMO_SERVE_PORT": "2"}, (1, "flag")),
        ({"serve.port": None}, {"PMO_SERVE_PORT": "2"}, (2, "PMO_SERVE_PORT")),
        ({}, {"PMO_SERVE_PORT": ""}, (3, "pmo.toml")),
    ]:
        found = settings(files, flags=flags, environ=environ)
        assert (found["serve.port"], found.origins["serve.port"].origin) == told
    assert settings(environ={})["serve.port"] == 4
    found = settings(files, environ={})
    assert (found["forecast.seed"], found.origins["forecast.seed"].origin) == (7, str(files / "user.toml"))
    assert (found["workspace"], found.origins["workspace"].origin) == ("pmo-workspace", "default")
    assert list(found) == list(SETTINGS)


def test_an_unknown_key_names_the_nearest(files: Path) -> None:
    with pytest.raises(InvalidInput, match=r"environment: there is no setting PMO_SERVE_PROT; did you mean PMO_SERVE_PORT\?"):
        settings(files, environ={"PMO_SERVE_PROT": "1"})
    with pytest.raises(InvalidInput, match=r"flag: unknown setting forecast.iteration; did you mean forecast.iterations\?"):
        settings(files, flags={"forecast.iteration": 5}, environ={})
    (files / "pmo.toml").write_text("[store]\nurll = 'x'\n")
    with pytest.raises(InvalidInput, match=r"pmo.toml: unknown setting store.urll; did you mean store.url\?"):
        settings(files, environ={})
    with pytest.raises(InvalidInput, match="unknown setting colour"):
        settings(environ={})["colour"]
    assert settings(files.parent, environ={"PMO_REAL_DATA": "/data"})["java"] is None  # not ours to judge


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[serve]\nport = 'x'", "serve.port must be a whole number, and is 'x'"),
        ("[serve]\nport = true", "serve.port must be a whole number, and is True"),
        ("[serve]\nport = 70000", "serve.port lies between 0 and 65535, and is 70000"),
        ("[forecast]\niterations = 5", "forecast.iterations is at least 100, and is 5"),
        ("java = 8", "java must be text, and is 8"),
        ("[serve\n", "cannot be read as settings"),
    ],
)
def test_a_value_that_breaks_its_rule_is_named(files: Path, text: str, said: str) -> None:
    (files / "pmo.toml").write_text(text)
    with pytest.raises(InvalidInput, match=said):
        settings(files, environ={})


def test_the_environment_speaks_in_text(files: Path) -> None:
    assert settings(files, environ={"PMO_FORECAST_ITERATIONS": "2000"})["forecast.iterations"] == 2000
    with pytest.raises(InvalidInput, match="must be a whole number, and is 'many'"):
        settings(files, environ={"PMO_FORECAST_ITERATIONS": "many"})
