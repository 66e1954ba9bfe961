"""Changing keys: the old one works on while devices learn of the new one, and a leaked one ends."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.__main__ import main
from sparekey.core import crypto
from sparekey.core.errors import InputError, UnavailableError
from sparekey.core.messages.armour import FileKind, unwrap
from sparekey.core.messages.header import Header, Kind, Purpose
from sparekey.core.messages.request import MailBody, Request, seal_mail
from sparekey.core.messages.trust import Trust, newer, read_trust
from sparekey.core.tlog.note import KeyType, VerifierKey
from sparekey.desk import config, keyring
from sparekey.desk.keys import folder, plan
from sparekey.desk.keys.drafts import Drafts
from sparekey.desk.log.opening import ledger_of
from sparekey.desk.store.sqlite import open_sqlite
from sparekey.desk.trust import check_trust, load_trust
from sparekey.testing.entropy import FixedEntropy
from tests.desk.room import CODE, IDENTITY, JANE
from tests.desk.test_setup import init

NORTH = VerifierKey("witness.example.com/north", KeyType.COSIGNATURE, crypto.signing_public(b"\x11" * 32))


class Desk:
    """A desk's folder and its commands."""

    def __init__(self, path: Path) -> None:
        self.toml = init(path)
        self.path = path

    def keys(self, *arguments: str, root: bool = False) -> int:
        more = ["--root-key", str(self.path / "maker-root.key")] if root else []
        return main(["desk", "keys", *arguments, "--config", str(self.toml), *more])

    @property
    def settings(self) -> config.DeskConfig:
        return config.load(self.toml)

    @property
    def trust(self) -> Trust:
        return load_trust(self.settings.trust, self.settings.root)[0]

    @property
    def keyring(self) -> keyring.Keyring:
        return keyring.read_keys(self.settings.keys)

    def starts(self) -> Trust:
        """Whether it would start; what devices trust then."""
        trust = self.trust
        check_trust(trust, prefix=self.settings.prefix, keyring=self.keyring)
        return trust

    def request(self, trust: Trust) -> Request:
        """A device with this trust file asks for a mail."""
        public = trust.sealing_key(Purpose.MAIL)
        header = Header(Kind.MAIL, trust.desk, crypto.key_id(public), IDENTITY, "7F2K0042", bytes(32), 86400)
        return seal_mail(header, MailBody(CODE, (JANE,), "en", "admin", None), public)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk")


def id_of(private: bytes) -> str:
    return crypto.key_id(crypto.signing_public(private)).hex()


def test_a_rotated_key_opens_what_devices_sealed_to_the_old_one_and_to_the_new_one(desk: Desk) -> None:
    old = desk.trust
    assert desk.keys("rotate", "mail", root=True) == 0
    new = desk.starts()
    assert (old.version, new.version) == (1, 2)
    assert new.sealing_key(Purpose.MAIL) != old.sealing_key(Purpose.MAIL)
    assert newer(old, new) == new
    for trust in (old, new):
        assert desk.keyring.open_mail(desk.request(trust)).code == CODE


@pytest.mark.parametrize("purpose", [*keyring.OPENING.values(), "log"])
def test_before_the_new_trust_file_is_there_everything_goes_on(
    desk: Desk, purpose: str, tmp_path: Path
) -> None:
    before = desk.trust
    assert desk.keys("rotate", purpose) == 0
    assert desk.starts() == before
    database = open_sqlite(tmp_path / "desk.sqlite")
    ledger = ledger_of(desk.keyring, before, database)
    assert [key.public for key in ledger.publics] == [before.logs[0].public]
    database.close()


@pytest.mark.meets("etsi-5.5-8")
def test_the_root_key_never_comes_to_the_desk(desk: Desk, tmp_path: Path) -> None:
    root = tmp_path / "offline.key"
    (desk.path / "maker-root.key").rename(root)
    assert desk.keys("rotate", "mail") == 0
    assert desk.keys("rotate", "support") == 0
    draft, out = desk.path / "trust-next.unsigned", tmp_path / "signed"
    assert desk.keys("install", str(draft)) == 3, "a draft that nobody signed is no trust file"
    assert main(["desk", "keys", "sign", str(draft), "--root-key", str(root), "--out", str(out)]) == 0
    assert desk.keys("install", str(out)) == 0
    new = desk.starts()
    assert new.version == 2, "both changes are in one version"
    assert len(dict(new.sealing)[Purpose.MAIL]) == len(dict(new.sealing)[Purpose.SUPPORT]) == 2
    assert not draft.exists()
    assert (desk.path / "trust-1.sparekey-trust").exists()
    assert desk.keys("install", str(out)) == 0, "twice is fine"
    assert desk.keys("install", str(desk.path / "trust-1.sparekey-trust")) == 3, "never an older one"


def test_a_new_signing_key_signs_only_once_devices_know_it(desk: Desk) -> None:
    old = desk.keyring.sign
    assert desk.keys("switch") == 2
    assert desk.keys("rotate", "sign") == 0
    assert desk.keys("switch") == 2, "devices do not know it yet"
    assert desk.keyring.sign == old
    assert desk.keys("rotate", "sign") == 2, "one after the other"
    draft = desk.path / "trust-next.unsigned"
    root = str(desk.path / "maker-root.key")
    assert (
        main(["desk", "keys", "sign", str(draft), "--root-key", root, "--out", str(draft) + ".signed"]) == 0
    )
    assert desk.keys("install", str(draft) + ".signed") == 0
    assert desk.keyring.sign == old
    assert len(desk.starts().signing) == 2
    assert desk.keys("switch") == 0
    assert desk.keyring.sign != old
    desk.starts()
    assert desk.keys("retire", id_of(old), root=True) == 0
    assert desk.starts().signing == (crypto.signing_public(desk.keyring.sign),)


def test_T02_a_leaked_signing_key_ends_with_the_next_trust_file(desk: Desk) -> None:
    leaked = desk.keyring.sign
    assert desk.keys("rotate", "sign") == 0
    assert desk.keys("revoke", id_of(leaked), root=True) == 0
    trust = desk.starts()
    assert crypto.key_id(crypto.signing_public(leaked)) in trust.revoked
    assert desk.keyring.sign != leaked, "the next one signs at once"
    assert trust.signing == (crypto.signing_public(desk.keyring.sign),)


def test_T02_a_leaked_mail_key_seals_nothing_any_more(desk: Desk) -> None:
    leaked = desk.trust.sealing_key(Purpose.MAIL)
    assert desk.keys("revoke", crypto.key_id(leaked).hex()) == 2, "the last key is never taken away"
    assert desk.keys("rotate", "mail") == 0
    assert desk.keys("revoke", crypto.key_id(leaked).hex(), root=True) == 0
    assert leaked not in dict(desk.starts().sealing)[Purpose.MAIL]


@pytest.mark.meets("asvs-13.3.4")
def test_both_log_keys_sign_while_devices_know_both(desk: Desk, tmp_path: Path) -> None:
    old = desk.trust
    assert desk.keys("rotate", "log", root=True) == 0
    new = desk.starts()
    assert {key.name for key in new.logs} == {old.logs[0].name}
    database = open_sqlite(tmp_path / "desk.sqlite")
    ledger = ledger_of(desk.keyring, new, database)
    ledger.begin()
    for trust in (old, new):
        assert ledger.note().bodies(trust.logs[0])
    database.close()
    assert desk.keys("rotate", "log") == 2, "a trust file has room for two"
    assert len(desk.keyring.log) == 2, "and no third key was made"
    assert desk.keys("retire", crypto.key_id(old.logs[0].public).hex(), root=True) == 0
    assert len(desk.starts().logs) == 1


@pytest.mark.meets("asvs-13.3.4", "etsi-5.5-8")
def test_tickets_hold_on_after_a_rotation(desk: Desk) -> None:
    from sparekey.core.mailing import ticket

    header = desk.request(desk.trust).header
    given = ticket(desk.keyring.ticket, header.identity.serial)
    version = desk.trust.version
    assert desk.keys("rotate", "ticket") == 0
    assert desk.keyring.ticket_holds(header, given)
    assert desk.keyring.ticket_holds(header, ticket(desk.keyring.ticket, header.identity.serial))
    assert not desk.keyring.ticket_holds(header, None)
    assert desk.trust.version == version


def test_devices_are_told_which_witnesses_to_ask_for(desk: Desk) -> None:
    assert desk.keys("witnesses", "--needed", "1", "--key", NORTH.text, root=True) == 0
    assert desk.starts().witnesses.witnesses == (NORTH,)
    assert desk.keys("witnesses", "--needed", "2", "--key", NORTH.text) == 2


def test_the_list_says_what_devices_know_and_shows_no_secret(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.keys("rotate", "mail")
    desk.keys("rotate", "sign", root=True)
    (desk.path / "keys" / "mail.key").chmod(0o600)
    capsys.readouterr()
    assert desk.keys("list") == 0
    said = capsys.readouterr().out
    for file in (desk.path / "keys").glob("*.key"):
        assert file.read_text().strip() not in said
        assert file.name in said
    assert "sign-next.key" in said
    assert id_of(desk.keyring.sign) in said
    assert "devices never see it" in said
    for mistake in ("", "zz", "00"):
        assert desk.keys("retire", mistake) == 2
    assert desk.keys("retire", "00" * 8) == 2


def test_T07_a_power_cut_at_every_instant_of_a_rotation_leaves_a_key_for_each_purpose(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was sealed to the old one still opens."""
    request = desk.request(desk.trust)
    for broken in ("link", "replace", "open"):

        def cut(*_: object, **__: object) -> None:
            raise OSError(5, "power cut")

        with monkeypatch.context() as patched:
            if broken == "replace":
                patched.setattr(Path, "replace", cut)
            else:
                patched.setattr(f"os.{broken}", cut)
            with pytest.raises(UnavailableError):
                folder.replace_key(desk.settings.keys, "mail", FixedEntropy())
        assert desk.keyring.open_mail(request).code == CODE
        desk.starts()
    folder.replace_key(desk.settings.keys, "mail", FixedEntropy())
    assert desk.keyring.open_mail(request).code == CODE
    for file in desk.settings.keys.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_trust_file_never_holds_more_than_devices_read(desk: Desk) -> None:
    trust = desk.trust
    for number in range(6):
        trust = plan.with_opening(trust, Purpose.MAIL, crypto.sha256(bytes([number])))
    assert len(dict(trust.sealing)[Purpose.MAIL]) == 4
    for number in range(3):
        trust = plan.with_signer(trust, crypto.sha256(bytes([number])))
    with pytest.raises(InputError, match="retire an old one first"):
        plan.with_signer(trust, bytes(32))
    full = replace(trust, revoked=tuple(number.to_bytes(8, "big") for number in range(64)))
    with pytest.raises(InputError, match="64 keys at most"):
        plan.revoking(full, crypto.key_id(trust.signing[0]))


def test_a_draft_of_another_time_is_not_continued(desk: Desk) -> None:
    desk.keys("rotate", "mail")
    drafts = Drafts(desk.settings)
    stale = replace(drafts.next(), version=9)
    drafts.write(stale)
    assert drafts.next() == replace(desk.trust, version=2)
    text = drafts.path.read_text(encoding="utf-8")
    with pytest.raises(Exception, match="signature"):
        read_trust(unwrap(FileKind.TRUST, text), keyring.read_public(desk.settings.root))
