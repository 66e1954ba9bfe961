"""Two nodes write one log on PostgreSQL, and one of them is killed in the middle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sparekey.desk.log.verify import Memory, verify
from sparekey.desk.store.postgres import open_postgres
from tests.desk.cluster import Cluster, programs
from tests.desk.logbook import Logbook, leaf

NODE = """
import sys, threading
from sparekey.desk.store.postgres import open_postgres
from tests.desk.logbook import Logbook, leaf
book, who = Logbook(open_postgres(sys.argv[1])), sys.argv[2]
def work(thread):
    for number in range(int(sys.argv[3])):
        key = f"{who} {thread} {number}"
        index = book.log.enter(key, leaf(hash(key) % 10**6))
        sys.stdout.write(f"{key} {index}\\n")
        sys.stdout.flush()
threads = [threading.Thread(target=work, args=(thread,)) for thread in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL's server is not installed here")
    made = Cluster(found)
    yield made
    made.close()


def node(address: str, who: str, count: int) -> subprocess.Popen[str]:
    called = [sys.executable, "-c", NODE, address, who, str(count)]
    return subprocess.Popen(called, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def test_B03_a_killed_node_loses_no_acknowledged_entry_and_doubles_none(
    cluster: Cluster, tmp_path: Path
) -> None:
    address = cluster.fresh()
    with node(address, "doomed", 10_000) as doomed, node(address, "other", 25) as other:
        assert doomed.stdout is not None
        told = [doomed.stdout.readline() for _ in range(40)]
        doomed.kill()
        told += doomed.stdout.readlines()
        more, _ = other.communicate(timeout=120)
    assert other.returncode == 0
    whole = [line.rpartition(" ") for line in [*told, *more.splitlines(keepends=True)] if line.endswith("\n")]
    acknowledged = {key: int(index) for key, _, index in whole}
    assert len(acknowledged) >= 140
    assert len(set(acknowledged.values())) == len(acknowledged)
    book = Logbook(open_postgres(address))
    checkpoint = verify(book.ledger, Memory(tmp_path / "seen"))
    assert len(acknowledged) <= checkpoint.size <= len(acknowledged) + 4, "at most what was under way"
    assert book.log.enter_all([(key, leaf(1)) for key in acknowledged]) == list(acknowledged.values())
    assert book.checkpoint == checkpoint, "who asks again gets the same"
    book.close()
