"""A camera behind a recorder, neither with Internet: real processes, and a file that somebody carries."""

from __future__ import annotations

from pathlib import Path

from sparekey.demo import plan
from sparekey.demo.checks import b04_carried
from sparekey.demo.site import Site
from sparekey.demo.stage import Stage
from sparekey.host.clock import SystemClock
from sparekey.host.entropy import SystemEntropy

PARTS = ("mailbox", "support desk", "recorder")
FIRST_PORT = 19700


def test_B04_letters_of_a_recorder_and_its_camera_go_to_the_desk_and_back_in_files(tmp_path: Path) -> None:
    chosen = plan.make("sparekey", "", FIRST_PORT)
    with Site(tmp_path, chosen, clock=SystemClock(), entropy=SystemEntropy(), say=lambda _: None) as site:
        site.start(PARTS)
        with Stage(site, SystemClock()) as stage:
            b04_carried.by_file(stage)
            site.watch()
