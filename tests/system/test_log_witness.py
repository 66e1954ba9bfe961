"""A real witness process, the desk's way to it, and a monitor that reads over HTTP."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.tlog.note import read_note, read_verifier_key
from sparekey.core.tlog.proof import check_proof, read_proof
from sparekey.core.tlog.witness import WitnessPolicy
from sparekey.desk.log import witness_http
from sparekey.desk.log.ledger import Ledger
from sparekey.desk.log.sequencer import Sequencer
from sparekey.desk.log.witnesses import Witnesses
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.monitor.__main__ import main as log
from sparekey.monitor.source import PART_LIMIT, Web
from tests.desk.logbook import KEY, ORIGIN, leaf, leaves
from tests.monitor.published import KEY_TEXT, Published

NAME = "witness.example.com/north"


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A witness that runs: its address and its key."""
    port = free_port()
    called = [sys.executable, "-m", "sparekey", "log", "witness", "--dir", str(tmp_path / "witness")]
    called += ["--name", NAME, "--listen", f"127.0.0.1:{port}", "--key", KEY_TEXT]
    with subprocess.Popen(called, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        key = process.stdout.readline().split()[-1]
        assert "is ready" in process.stdout.readline()
        yield f"http://127.0.0.1:{port}", key
        process.kill()


def test_B03_a_file_leaves_once_a_real_witness_saw_its_entry(
    tmp_path: Path, witness: tuple[str, str]
) -> None:
    address, key = witness
    assert Web(address).get("").decode() == key + "\n"
    policy = WitnessPolicy((read_verifier_key(key),), 1)
    database = open_sqlite(tmp_path / "desk.sqlite")
    ledger = Ledger(database, ORIGIN, [KEY])
    ledger.begin()
    witnesses = Witnesses(ledger, policy, {NAME: address}, witness_http.post)
    sequencer = Sequencer(ledger, database, witnesses)
    known = None
    for number in range(3):
        sequencer.enter_all(leaves(100, 100 * number))
        index = sequencer.enter(f"file {number}", leaf(number + 1000))
        proof = read_proof(sequencer.proof(index, 0 if known is None else known.size))
        known = check_proof(
            leaf(number + 1000), proof, ORIGIN, [one.public for one in ledger.publics], policy, known
        )
    assert known is not None
    again = Witnesses(ledger, policy, {NAME: address}, witness_http.post)
    again.gather()
    assert len(ledger.note().signatures) == 2
    database.close()


def test_the_witness_answers_what_it_is_asked_and_nothing_else(witness: tuple[str, str]) -> None:
    address, _ = witness
    post = witness_http.post
    assert post(f"{address}/add-checkpoint", b"").status == 400
    assert post(f"{address}/other", b"").status == 404
    assert post(f"{address}/add-checkpoint", b"x" * 200_000).status == 413
    log_ = Published(3)
    first = post(f"{address}/add-checkpoint", b"old 0\n\n" + log_.note().encoded)
    assert first.status == 200
    read_note(log_.note().text.encode() + b"\n" + first.body)
    assert post(f"{address}/add-checkpoint", b"old 0\n\n" + log_.note().encoded).body == b"3\n"


def test_a_witness_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(UnavailableError, match="does not answer"):
        witness_http.post(f"http://127.0.0.1:{free_port()}/add-checkpoint", b"")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """A folder that a web server shows."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_monitor_reads_over_http_and_keeps_a_copy(tmp_path: Path, served: str) -> None:
    Published(300).save(tmp_path / "log")
    copy = tmp_path / "copy"
    assert log(["verify", f"{served}/log", "--key", KEY_TEXT, "--copy", str(copy)]) == 0
    assert log(["verify", str(copy), "--key", KEY_TEXT]) == 0


@pytest.mark.meets("asvs-15.3.2")
def test_a_monitor_follows_nobody_elsewhere_and_takes_no_flood(tmp_path: Path, served: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnavailableError, match="status 301"):
        Web(served).get("folder")
    with pytest.raises(UnavailableError, match="status 404"):
        Web(served).get("checkpoint")
    (tmp_path / "checkpoint").write_bytes(b"x" * (PART_LIMIT + 1))
    with pytest.raises(InputError, match="larger"):
        Web(served).get("checkpoint")
    with pytest.raises(UnavailableError, match="does not give"):
        Web(f"http://127.0.0.1:{free_port()}").get("checkpoint")
