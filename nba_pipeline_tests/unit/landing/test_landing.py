from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from google.cloud import storage

from nba_pipeline.landing.gcs import GcsStore
from nba_pipeline.landing.payload import Endpoint, Layout, Payload, PayloadError, SourceError
from nba_pipeline.landing.zone import Landing, LocalStore, ObjectStore
from nba_pipeline_tests.emulators import fake_bucket

AT = dt.datetime(2026, 1, 4, 10, tzinfo=dt.UTC)
PAYLOAD = Payload(
    "nbac", Endpoint.PLAYER_GAMELOG, "season=2025-26/type=regular", Layout.GAMELOG_JSON, AT, b"{}"
)


@pytest.fixture(scope="module")
def bucket() -> Iterator[storage.Client]:
    with fake_bucket("landing") as client:
        yield client


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """The same tests for a folder and a bucket."""
    if request.param == "folder":
        return LocalStore(tmp_path / "landing")
    client = request.getfixturevalue("bucket")
    return GcsStore(f"gs://landing/{uuid.uuid4().hex}", client)


@pytest.fixture
def landing(store: ObjectStore) -> Landing:
    return Landing(store)


def test_a_payload_comes_back_as_it_was(landing: Landing) -> None:
    landed = landing.land(PAYLOAD)
    assert landed.is_new
    assert landed.key.startswith("nbac/player_gamelog/season=2025-26/type=regular/20260104T100000Z")
    assert landing.load(landed) == PAYLOAD


def test_equal_content_is_not_landed_twice(landing: Landing) -> None:
    landing.land(PAYLOAD)
    again = landing.land(replace(PAYLOAD, fetched_at=AT + dt.timedelta(1)))
    assert not again.is_new
    assert again.fetched_at == AT
    assert len(landing.store.list("nbac")) == 1


def test_versions_are_kept_newest_first(landing: Landing) -> None:
    for n, content in enumerate((b"1", b"2", b"1")):
        landing.land(replace(PAYLOAD, fetched_at=AT + dt.timedelta(n), content=content))
    args = (PAYLOAD.source, PAYLOAD.endpoint, PAYLOAD.request_key)
    assert [landing.load(v).content for v in landing.versions(*args)] == [b"1", b"2", b"1"]


def test_a_request_key_is_not_confused_with_a_longer_one(landing: Landing) -> None:
    landing.land(replace(PAYLOAD, request_key="season=2025-26"))
    landing.land(PAYLOAD)
    newest = landing.newest("nbac", Endpoint.PLAYER_GAMELOG, "season=2025-26")
    assert newest is not None
    assert newest.request_key == "season=2025-26"


def test_a_landed_payload_that_was_changed_is_noticed(tmp_path: Path) -> None:
    landing = Landing(LocalStore(tmp_path))
    landed = landing.land(PAYLOAD)
    (tmp_path / landed.key).write_bytes(b"[]")
    with pytest.raises(PayloadError, match="does not match its digest"):
        landing.load(landed)


def test_a_rejected_payload_stays_with_the_reason(landing: Landing) -> None:
    landed = landing.land(PAYLOAD)
    landing.reject(landed, "not JSON")
    assert landing.load(landed) == PAYLOAD
    assert landing.store.get(f"{landed.key}.rejected") == b"not JSON"
    assert landing.newest(PAYLOAD.source, PAYLOAD.endpoint, PAYLOAD.request_key) is not None


def test_an_object_is_written_once_by_many(store: ObjectStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        wrote = list(pool.map(lambda n: store.put_if_absent("a/b", f"{n}".encode()), range(16)))
    assert wrote.count(True) == 1
    assert store.get("a/b") == f"{wrote.index(True)}".encode()
    assert store.list("a") == ["a/b"]


@pytest.mark.parametrize("key", ["../x", "a/../../x", "/etc/x", "a//b", "", "a b"])
def test_a_key_cannot_leave_the_landing_zone(store: ObjectStore, key: str) -> None:
    for method in (store.get, store.list, store.uri):
        with pytest.raises(ValueError, match="landing key"):
            method(key)
    with pytest.raises(ValueError, match="landing key"):
        store.put_if_absent(key, b"")


def test_a_missing_object_is_a_key_error(store: ObjectStore) -> None:
    with pytest.raises(KeyError):
        store.get("a/b")
    assert store.list("a") == []


def test_an_object_has_an_address(store: ObjectStore) -> None:
    store.put_if_absent("a/b", "Dončić".encode())
    assert store.get("a/b").decode() == "Dončić"
    assert store.uri("a/b").startswith(("file:///", "gs://landing/"))


def test_a_bucket_that_is_not_there_is_a_failure_not_an_empty_one(bucket: storage.Client) -> None:
    store = GcsStore("gs://nobody/x", bucket)
    with pytest.raises(SourceError, match="gs://nobody/x/a/b"):
        store.put_if_absent("a/b", b"1")
    with pytest.raises(SourceError, match="gs://nobody"):
        store.list("a")


@pytest.mark.parametrize("address", ["s3://bucket", "gs://", "gs://A_B", "/local/path"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="bucket address"):
        GcsStore(address)
