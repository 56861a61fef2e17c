"""Keys of web sources: whatever a host does with them, they are stored and shown nowhere."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from click.testing import CliRunner, Result

from nba_pipeline.cli.main import cli
from nba_pipeline.landing.payload import SourceError
from nba_pipeline.sources.web.client import WebClient
from nba_pipeline.sources.web.settings import WebSettings
from nba_pipeline_tests.support import NIGHT, TODAY, platform_in, run

KEYS = {
    "NBA_WEB_ODDS_API_KEY": "odds+k3y/nobody-sees",
    "NBA_WEB_BETTINGPROS_KEY": "pros-k3y-nobody-sees",
    "NBA_WEB_BDL_KEY": "bdl-k3y-nobody-sees",
}
TABLES = ("odds_points_lines", "odds_game_lines", "bettingpros_points_lines",
          "bdl_player_boxscores")  # fmt: skip


class Repeats(BaseHTTPRequestHandler):
    """A host that repeats what it was asked, key and all: in reason, headers, body and redirect."""

    status = 500

    def do_GET(self) -> None:
        asked = [*KEYS.values(), *map(quote_plus, KEYS.values())]
        found = " ".join(k for k in asked if k in self.path or k in str(self.headers))
        body = f"no access for {found} at {self.path}".encode()
        self.send_response(self.status, f"no access for {found}")
        self.send_header("X-Key", found)
        self.send_header("Location", f"{self.path}?again={found}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    http = ThreadingHTTPServer(("127.0.0.1", 0), Repeats)
    url = f"http://127.0.0.1:{http.server_address[1]}"
    settings = {
        **KEYS, "NBA_WEB_ODDS_API_URL": url, "NBA_WEB_BETTINGPROS_URL": url,
        "NBA_WEB_BDL_URL": f"{url}/box_scores", "NBA_WEB_BASE_URL": f"{url}/{{endpoint}}",
        "NBA_WEB_LIVE_URL": f"{url}/{{endpoint}}", "NBA_WEB_ATTEMPTS": "2",
        "NBA_WEB_MIN_INTERVAL": "0", "NBA_WEB_MAX_WAIT": "0", "NBA_WEB_TIMEOUT": "5",
        "NBA_TODAY": str(TODAY),
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield url
    http.shutdown()
    thread.join()
    http.server_close()


def nba(*args: str) -> Result:
    return CliRunner(env={"NBA_ARCHIVES": None}).invoke(cli, list(args), catch_exceptions=False)


def files_with_a_key(folder: Path) -> list[str]:
    """Files of any kind below a folder that have a key in their bytes or their name."""
    texts = [t.encode() for k in KEYS.values() for t in (k, quote_plus(k), json.dumps(k)[1:-1])]
    return [
        str(path)
        for at, _, names in os.walk(folder)
        for path in (Path(at) / name for name in names)
        if any(t in path.read_bytes() or t in os.fsencode(path) for t in texts)
    ]


@pytest.mark.parametrize("status", [200, 302, 401, 404, 500])
def test_a_host_that_repeats_the_key_brings_it_nowhere(
    tmp_path: Path,
    host: str,
    status: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Repeats, "status", status)
    caplog.set_level(logging.DEBUG)
    # the schedule of a simulated league, as if the web had given it
    run(platform_in(tmp_path), "nbac_schedule", NIGHT)
    (tmp_path / "simulated").rename(tmp_path / "web")
    shown = []
    for table in TABLES:
        dates = ("--from", str(NIGHT), "--to", str(NIGHT))
        ran = nba("backfill", "--table", table, *dates, "--source", "web", "--home", str(tmp_path))
        told = nba("explain", table, str(NIGHT), "--source", "web", "--home", str(tmp_path))
        assert ran.exit_code != 0, ran.output
        shown += [ran.output, told.output, ran.stderr, told.stderr]
    shown += [nba("sources", "--source", "web", "--home", str(tmp_path), "--json").output]
    seen = "\n".join([*shown, caplog.text])
    for key in KEYS.values():
        assert key not in seen and quote_plus(key) not in seen
    assert files_with_a_key(tmp_path) == []


def test_the_search_would_find_a_key(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\0" + KEYS["NBA_WEB_BDL_KEY"].encode() + b"\0")
    assert files_with_a_key(tmp_path) == [str(tmp_path / "a")]


def test_the_reason_of_a_status_is_ours(host: str) -> None:
    client = WebClient(WebSettings(), headers={"x-api-key": "some-header"})
    with pytest.raises(SourceError) as caught:
        client.get(f"{host}/x", {"apiKey": KEYS["NBA_WEB_ODDS_API_KEY"]})
    assert str(caught.value) == f"{host}/x answered 500 Internal Server Error"


@pytest.mark.parametrize("key", ["ключ-nobody-sees", "nobody\nsees", "nobody sees", "nobody\x01"])
@pytest.mark.parametrize("name", list(KEYS))
def test_a_key_that_cannot_be_sent_is_a_settings_error_of_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, key: str
) -> None:
    monkeypatch.setenv(name, key)
    found = nba("sources", "--source", "web", "--home", str(tmp_path))
    assert found.exit_code == 2, found.output
    last = found.stderr.strip().splitlines()[-1]
    assert last.startswith(f"Error: {name}: ") and "printable Latin-1" in last
    assert key not in found.stderr and repr(key)[1:-1] not in found.stderr


def test_an_empty_key_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBA_WEB_BDL_KEY", "")
    assert WebSettings().bdl_key is None
