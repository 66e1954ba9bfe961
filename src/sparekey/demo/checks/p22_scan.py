"""P05, P22, P25, B11, the phone: any camera reads the square, the page works bare, and says what else is open."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from sparekey.core.values import mask
from sparekey.demo.checks.check import Check
from sparekey.demo.owner import Owner
from sparekey.demo.site import MODEL, SERIAL
from sparekey.demo.verdicts import expect

if TYPE_CHECKING:
    from sparekey.demo.browser import Page
    from sparekey.demo.stage import Stage

_IMPORT = re.compile(r'from "(\./[^"]+)"')
FIRST_PAGE = 150_000
"""Bytes of the app's first page with everything that it loads, at most."""


def scan(stage: Stage) -> None:
    """From the app to the code: the way there, what the page says, the code; a bent square sends nothing."""
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    stage.step("set up")
    owner.set_up()
    square = owner.ask_for_the_square(owner.forget())
    link = owner.scan(square)
    stage.step("the app leads to the scanner")
    phone, desk = stage.browser(), stage.site.plan.desk
    app = phone.open(desk + "/app").is_at("/app").says("Reset device password")
    phone.follow(app, "/app/scan").is_at("/app/scan").says("point it at the square")
    stage.step("a bent square")
    bent = phone.open(link[:-3] + ("000" if not link.endswith("000") else "111"))
    expect(bent.status in (400, 403), "the desk takes a bent square")
    expect(owner.letters() == 0, "a letter went out for it")
    stage.step("sent")
    sent = owner.send_the_code(link)
    sent.says("valid", "junk folder", "Send it again", "What else is open")
    owner.choose_password(owner.type_code(owner.code_page(square), owner.read_the_code().shown))
    owner.is_back()


def ways(stage: Stage) -> None:
    """The mail does not come: the page leads to every other way, least loss first, with what each costs and takes."""
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    owner.set_up()
    link = owner.scan(owner.ask_for_the_square(owner.forget()))
    sent = owner.send_the_code(link).says("What else is open")
    stage.step("the other ways")
    phone = stage.browser()
    page = phone.follow(sent, "/help/ways").is_at("/help/ways")
    told = phone.send(page, "/help/ways", {"kind": "recorder", "profile": "sparekey", "model": MODEL})
    words, places = told.words, []
    for way in ("Key file", "File from support", "Technician"):
        expect(way in words, f"the page does not name {way}")
        places.append(words.index(way))
    expect(places == sorted(places), "they do not stand in the order of what is lost")
    told.says("Nothing is lost.", "ALL RECORDINGS ARE ERASED", "Free")
    stage.step("an unknown device")
    expect(
        phone.open(stage.site.plan.desk + "/R/NOTHING").status == 400, "a square of nothing is not refused"
    )


def bare(stage: Stage) -> None:
    """No store: a manifest, a worker and one origin; the first page is small; a page without script does it all."""
    desk = stage.site.plan.desk
    phone = stage.browser()
    stage.step("installable")
    app = phone.open(desk + "/app").is_at("/app")
    manifest = json.loads(phone.open(desk + "/app/manifest.webmanifest").body)
    expect(manifest["start_url"] == "/app" and manifest["display"] == "standalone", "it does not install")
    for icon in manifest["icons"]:
        expect(phone.open(desk + icon["src"]).status == 200, "an icon is missing")
    worker = phone.open(desk + "/app/worker.js")
    expect(worker.status == 200, "there is no service worker")
    stage.step("small, and from nowhere else")
    loaded = _loaded(app)
    hosts = {urlsplit(urljoin(app.url, address)).netloc for address in loaded}
    expect(hosts <= {urlsplit(app.url).netloc}, f"the app loads from elsewhere: {hosts}")
    size, seen = len(app.body), set[str]()
    waiting = [urljoin(app.url, address) for address in loaded]
    while waiting:
        address = waiting.pop()
        if address not in seen:
            seen.add(address)
            part = phone.open(address).body
            size += len(part)
            if address.endswith(".js"):
                waiting += [urljoin(address, found) for found in _IMPORT.findall(part.decode())]
    expect(size <= FIRST_PAGE, f"the first page has {size} bytes")
    stage.step("any camera opens the page, which needs no script")
    owner = Owner(stage, stage.site.plan.network, "owner@example.com")
    owner.set_up()
    link = owner.scan(owner.ask_for_the_square(owner.forget()))
    page = phone.open(link).says(SERIAL, MODEL, mask(owner.address))
    (form,) = [form for form in page.sheet.forms if form.action.startswith("/R/")]
    phone.send(page, form.action)
    owner.read_the_code()
    stage.step("nothing is sent by looking")
    other = Owner(stage, stage.site.plan.network, "owner@example.com")
    before = other.letters()
    stage.browser().open(link)
    stage.pause(1)
    expect(other.letters() == before, "opening the page alone sent a mail")


def _loaded(page: Page) -> list[str]:
    """Addresses of style sheets and scripts in a page."""
    text = page.body.decode()
    parts = text.split("<")
    found = []
    for part in parts:
        for name, mark in (("script", "src"), ("link", "href")):
            if part.startswith(name + " ") and (name == "script" or "stylesheet" in part):
                found.append(part.split(f'{mark}="')[1].split('"')[0])
    return found


CHECKS = (
    Check("P05.phone", "patronum", scan),
    Check("P22", "hikvision", scan),
    Check("P25.phone", "sparekey", ways),
    Check("B11", "sparekey", bare),
)
