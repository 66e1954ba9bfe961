"""What `./dev bench ha` runs is what docs/guide/ha.md says, with other addresses and folders alone."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from bench.failover.recipe import DATABASES, DESKS, GUIDE, Recipe
from sparekey.desk.store.postgres import read_address

RECIPE = Recipe(Path("/run-of-the-bench"), "127.7.7", ("first", "second"))


@pytest.mark.parametrize("machine", DATABASES)
def test_each_machine_has_its_own_name_and_address(machine: str) -> None:
    own = RECIPE.address(machine)
    for text in (RECIPE.etcd(machine), RECIPE.patroni(machine)):
        assert f"name: {machine}\n" in text
        assert "192.0.2." not in text
        assert "/etc/" not in text
        assert "/var/" not in text
        for line in text.splitlines():
            if "listen" in line or "connect_address" in line or "advertise" in line:
                assert own in line, line
    assert all(RECIPE.address(other) in RECIPE.etcd(machine) for other in DATABASES)


@pytest.mark.parametrize("machine", DESKS)
def test_each_desk_asks_the_haproxy_beside_it_and_knows_the_database_by_its_name(machine: str) -> None:
    settings = tomllib.loads(RECIPE.desk(machine))
    asked = read_address(settings["database"])
    assert (asked["host"], asked["hostaddr"]) == ("db.example.com", RECIPE.address(machine))
    assert (asked["sslmode"], asked["target_session_attrs"]) == ("verify-full", "read-write")
    assert f"bind {asked['hostaddr']}:{asked['port']}\n" in RECIPE.haproxy(machine)


def test_what_is_told_must_be_kept_by_two() -> None:
    text = RECIPE.patroni("db1")
    for setting in ("synchronous_mode: true", "synchronous_mode_strict: true", "use_pg_rewind: true"):
        assert f" {setting}\n" in text
    assert "verify_client: optional" in text
    assert "client-cert-auth: true" in RECIPE.etcd("db1")
    assert "hostssl desk desk" in text
    assert not [line for line in text.splitlines() if line.strip().startswith("- host ")], "TLS alone"


def test_the_passwords_of_the_guide_are_nobody_s() -> None:
    text = RECIPE.patroni("db2")
    assert ("password: first\n" in text, "password: second\n" in text) == (True, True)
    assert json.dumps("the first password") not in text
    assert "the first password" in GUIDE.read_text(encoding="utf-8")
