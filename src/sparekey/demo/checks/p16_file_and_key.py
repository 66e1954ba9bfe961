"""P16, P17 and B03, the device's parts: an exported request to support, a signed file or a key back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparekey.core.codec import decode, encode
from sparekey.core.messages.armour import FileKind, unwrap, wrap
from sparekey.demo.checks.check import Check
from sparekey.demo.office import case_of, codes_in, office_of
from sparekey.demo.owner import Owner, other_code, slip
from sparekey.demo.registered import registered
from sparekey.demo.verdicts import UnlikeError, expect

if TYPE_CHECKING:
    from sparekey.core.codes import Code
    from sparekey.demo.browser import File, Page
    from sparekey.demo.office import Office
    from sparekey.demo.stage import Stage

_PAGE, _ANSWER, _KEY = "/forgot/support", "/forgot/support/answer", "/forgot/support/key"
_PLACE_OF_PROOF = 4
"""Of the five parts of a response file (spec/files.md section 4)."""


def a_file(stage: Stage) -> None:
    """P16: export as XML, a signed file back, its path, new password, confirm; the plug is pulled meanwhile."""
    owner, office = _ready(stage)
    stage.step("export")
    case = case_of(office.agent.new_file(_exported(owner, "xml")))
    file = _file(office, case, owner)
    stage.step("changed and foreign files")
    stage.site.cut_power("recorder")
    for changed in (_changed(file, 0), _changed(file, 1), _changed(file, 3)):
        refused = _hand_in(owner, changed)
        expect(refused.status in (403, 422), f"a changed file is taken: {refused.words[:200]}")
    stranger = stage.browser().open(owner.door + _ANSWER)
    expect(not any(form.files for form in stranger.sheet.forms), "another browser may hand the file in")
    stage.step("the file")
    owner.choose_password(_hand_in(owner, file))
    owner.is_back()
    stage.step("once more")
    used = owner.browser.open(owner.door + _ANSWER)
    expect(not any(form.files for form in used.sheet.forms), "a used file may be handed in again")


def without_its_proof(stage: Stage) -> None:
    """B03: a file that is not shown to be in the public log opens nothing; the owner sees where the true one stands."""
    owner, office = _ready(stage)
    case = case_of(office.agent.new_file(_exported(owner, "file")))
    file = _file(office, case, owner)
    stage.step("without its proof")
    older = _exported(owner, "file")
    for proof in (b"", b"x", unwrap(FileKind.REQUEST, older[1].decode())):
        refused = _hand_in(owner, _with_proof(file, proof))
        expect(refused.status in (403, 422), f"a file without its proof is taken: {refused.words[:200]}")
    stage.step("with it")
    owner.choose_password(_hand_in(owner, file)).says(
        "This stands in a public list", "has checked that it is there"
    )
    home = owner.is_back().says("This stands in a public list")
    stage.step("looked up")
    log, _, rest = home.words.partition("on any computer")[0].rpartition("Open ")[2].partition(" ")
    expect(not rest and log.startswith("http"), f"it is not said where the log is: {home.words[:600]}")
    found = home.words.partition("look for this: ")[2][: 8 * 9 - 1]
    reader = stage.browser()
    page = reader.open(log)
    reader.send(page, "/log", {"id": found}).says("1 entry", "approved by 1 person")


def a_key(stage: Stage) -> None:
    """P17: a photo of the square, a key back, typed with the new password."""
    owner, office = _ready(stage)
    stage.step("the square, photographed")
    _exported(owner, "file")
    picture = owner.browser.open(f"{owner.door}{_PAGE}/qr.png").body
    case = case_of(office.agent.new_file(("square.png", picture)))
    (key,) = _given(office, case, owner, "response-key")
    stage.step("wrong keys")
    page = owner.browser.open(owner.door + _KEY).is_at(_KEY)
    owner.browser.send(page, _KEY, {"code": slip(key)}).refuses("This cost no try.", status=422)
    owner.browser.send(page, _KEY, {"code": other_code(key)}).refuses("That is not the key for this request.")
    stranger = stage.browser().open(owner.door + _KEY)
    expect(not any("code" in form.names for form in stranger.sheet.forms), "another browser may type the key")
    stage.step("the key")
    owner.choose_password(owner.browser.send(page, _KEY, {"code": key.shown}))
    owner.is_back()


def _ready(stage: Stage) -> tuple[Owner, Office]:
    """A registered recorder with a confirmed address, and people at the desk."""
    stage.step("set up, registered, address confirmed")
    return registered(stage, "owner@example.com"), office_of(stage)


def _exported(owner: Owner, form: str) -> File:
    """The request as a file or as XML, made if it is not there yet."""
    page = owner.browser.open(owner.door + _PAGE).is_at(_PAGE)
    if any(each.action == _PAGE for each in page.sheet.forms):
        page = owner.browser.send(page, _PAGE).is_at(_PAGE)
    page.says("24 hours")
    saved = owner.browser.follow(page, f"{_PAGE}/{form}")
    return saved.saved_as, saved.body


def _issued(office: Office, case: str, owner: Owner, remedy: str) -> Page:
    office.agent.is_sure(case, owner)
    office.agent.propose(case, remedy)
    office.approver.approve(case)
    return office.agent.answer(case)


def _given(office: Office, case: str, owner: Owner, remedy: str) -> list[Code]:
    return codes_in(_issued(office, case, owner, remedy))


def _file(office: Office, case: str, owner: Owner) -> File:
    saved = _issued(office, case, owner, "response-file").is_file(".sparekey-response")
    return saved.saved_as, saved.body


def _hand_in(owner: Owner, file: File) -> Page:
    page = owner.browser.open(owner.door + _ANSWER).is_at(_ANSWER)
    return owner.browser.send(page, _ANSWER, files={"file": file})


def _parts(file: File) -> list[bytes]:
    parts = decode(unwrap(FileKind.RESPONSE, file[1].decode()))
    if not isinstance(parts, list):
        raise UnlikeError("the file from support is something else")
    return [part for part in parts if isinstance(part, bytes)]


def _changed(file: File, place: int) -> File:
    """The file with one bit of one of its parts turned."""
    parts = _parts(file)
    parts[place] = parts[place][:-1] + bytes([parts[place][-1] ^ 1])
    return file[0], wrap(FileKind.RESPONSE, encode(list(parts)), {}).encode()


def _with_proof(file: File, proof: bytes) -> File:
    parts = _parts(file)
    parts[_PLACE_OF_PROOF] = proof
    return file[0], wrap(FileKind.RESPONSE, encode(list(parts)), {}).encode()


CHECKS = (
    Check("P16.device", "hikvision", a_file),
    Check("P17.device", "hikvision", a_key),
    Check("B03.device", "hikvision", without_its_proof),
)
