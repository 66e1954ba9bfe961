"""Making a desk: folder, keys, settings, trust file; and everything that must stop it from starting."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from sparekey.core import crypto
from sparekey.core.errors import InputError, SparekeyError, UnavailableError, UntrustedError
from sparekey.core.mailing import MailLimits
from sparekey.core.messages.trust import Purpose
from sparekey.desk import config, keyring
from sparekey.desk.__main__ import main
from sparekey.desk.store.opening import open_database
from sparekey.desk.trust import check_trust, load_trust
from sparekey.testing.entropy import FixedEntropy

SMTP = '\n[smtp]\nhost = "mail.example.com"\nport = 587\nsender = "desk@example.com"\n'


def init(folder: Path, *more: str, url: str = "https://desk.example.com") -> Path:
    """A made desk, its mail server filled in."""
    assert main(["init", "--dir", str(folder), "--name", "Příklad", "--url", url, *more]) == 0
    with (folder / "desk.toml").open("a", encoding="utf-8") as file:
        file.write(SMTP)
    return folder / "desk.toml"


def start(settings: config.DeskConfig) -> None:
    """Read what a start reads."""
    keyring.read_keys(settings.keys)
    load_trust(settings.trust, settings.root)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.meets("asvs-13.2.3")
def test_init_makes_a_whole_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = config.load(init(tmp_path / "desk"))
    assert settings.name == "Příklad"
    assert settings.prefix == "HTTPS://DESK.EXAMPLE.COM/R/"
    assert settings.limits == MailLimits()
    keys = keyring.read_keys(settings.keys)
    trust, text = load_trust(settings.trust, settings.root)
    check_trust(trust, prefix=settings.prefix, keyring=keys)
    assert (trust.name, trust.prefix, trust.version) == ("Příklad", settings.prefix, 1)
    assert crypto.key_id(trust.sealing_key(Purpose.MAIL)) in keys.opening[Purpose.MAIL]
    assert text.startswith("-----BEGIN SPAREKEY TRUST FILE-----\nDesk: Příklad\n")
    printed = capsys.readouterr().out
    assert "place without network" in printed
    for file in ("mail.key", "sign.key", "ticket.key"):
        assert (settings.keys / file).read_text().strip() not in printed


@pytest.mark.meets("asvs-13.3.2", "etsi-5.4-1")
def test_T02_private_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    init(tmp_path / "desk")
    assert mode(tmp_path / "desk") == 0o700
    assert mode(tmp_path / "desk" / "keys") == 0o700
    for file in ("desk.sqlite", "keys/mail.key", "keys/sign.key", "keys/ticket.key", "maker-root.key"):
        assert mode(tmp_path / "desk" / file) == 0o600


@pytest.mark.meets("asvs-13.3.2")
@pytest.mark.parametrize("name", ["keys", "keys/mail.key", "keys/sign.key", "keys/ticket.key"])
@pytest.mark.parametrize("opened", [0o040, 0o004, 0o020])
def test_T02_keys_that_others_can_read_are_refused(tmp_path: Path, name: str, opened: int) -> None:
    settings = config.load(init(tmp_path / "desk"))
    path = tmp_path / "desk" / name
    path.chmod(mode(path) | opened)
    with pytest.raises(InputError, match=r"key-mode.*chmod [67]00"):
        keyring.read_keys(settings.keys)


def test_init_never_overwrites(tmp_path: Path) -> None:
    init(tmp_path / "desk")
    before = {path: path.read_bytes() for path in (tmp_path / "desk").rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="already there"):
        init(tmp_path / "desk")
    assert before == {path: path.read_bytes() for path in (tmp_path / "desk").rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "name", ["desk.toml", "maker-root.pub", "trust.sparekey-trust", "maker-root.key", "keys"]
)
def test_init_touches_nothing_when_one_file_is_there(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(InputError, match="already there"):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_given_root_signs_and_is_not_copied(tmp_path: Path) -> None:
    root = FixedEntropy().bytes(32)
    keyring.write_new(tmp_path / "root.key", keyring.spelled(root), private=True)
    settings = config.load(init(tmp_path / "desk", "--root-key", str(tmp_path / "root.key")))
    assert not (tmp_path / "desk" / "maker-root.key").exists()
    assert keyring.read_public(settings.root) == crypto.signing_public(root)
    assert load_trust(settings.trust, settings.root)[0].name == "Příklad"


def test_an_older_mail_key_still_opens(tmp_path: Path) -> None:
    settings = config.load(init(tmp_path / "desk"))
    (settings.keys / "mail.key").rename(settings.keys / "mail-2026.key")
    keyring.write_new(settings.keys / "mail.key", keyring.spelled(FixedEntropy().bytes(32)), private=True)
    keys = keyring.read_keys(settings.keys)
    assert len(keys.opening[Purpose.MAIL]) == 2
    check_trust(load_trust(settings.trust, settings.root)[0], prefix=settings.prefix, keyring=keys)


def test_T13_a_trust_file_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    settings = config.load(init(tmp_path / "desk"))
    other = config.load(init(tmp_path / "other", url="https://other.example.com"))
    keys = keyring.read_keys(settings.keys)
    trust, _ = load_trust(settings.trust, settings.root)
    with pytest.raises(UntrustedError):
        load_trust(other.trust, settings.root)
    with pytest.raises(InputError, match="the trust file leads to"):
        check_trust(trust, prefix=other.prefix, keyring=keys)
    with pytest.raises(InputError, match=r"put mail\.key back"):
        check_trust(
            trust, prefix=settings.prefix, keyring=replace(keys, opening={purpose: {} for purpose in Purpose})
        )


@pytest.mark.parametrize(
    "name", ["keys/mail.key", "keys/ticket.key", "maker-root.pub", "trust.sparekey-trust"]
)
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"0" * 63, b"x" * 64, b"0" * 2000])
def test_T14_damaged_files_are_a_clear_error(tmp_path: Path, name: str, content: bytes | None) -> None:
    settings = config.load(init(tmp_path / "desk"))
    path = tmp_path / "desk" / name
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(SparekeyError) as caught:
        start(settings)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://Desk.Example.com/", "https://desk.example.com"),
        ("http://localhost:8600", "http://localhost:8600"),
        ("http://127.0.0.1:8600", "http://127.0.0.1:8600"),
        ("https://192.0.2.7:8443", "https://192.0.2.7:8443"),
        ("http://desk.example.com", None),
        ("http://192.0.2.7", None),
        ("https://desk.example.com/desk", None),
        ("https://desk.example.com?x", None),
        ("https://me:pw@desk.example.com", None),
        ("https://desk.example.com:0", None),
        ("https://desk.example.com:70000", None),
        ("ftp://desk.example.com", None),
        ("desk.example.com", None),
        ("https://", None),
        ("https://[2001:db8::1]", None),
        ("https://" + "a" * 90 + ".example.com", None),
    ],
)
def test_only_a_plain_address_is_a_desk(url: str, good: str | None) -> None:
    if good is None:
        with pytest.raises(InputError):
            config.check_url(url)
    else:
        assert config.check_url(url) == good


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('name = ""', "name"),
        ('listen = "8600"', "listen"),
        ('listen = "localhost:99999"', "listen"),
        ('timezone = "Moon/Base"', "timezone"),
        ('tls_key = "a.pem"', "go together"),
        ("surprise = 1", "surprise"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = init(tmp_path / "desk")
    kept = [row for row in path.read_text().splitlines() if row.split(" ")[0] != line.split(" ")[0]]
    path.write_text("\n".join([line, *kept]))
    with pytest.raises(InputError, match=said):
        config.load(path)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('host = "mail.example.com"\nport = 25\nsender = "desk@example.com"\nstarttls = false', "starttls"),
        ('host = "mail.example.com"\nport = 0\nsender = "desk@example.com"', "port"),
        ('host = ""\nport = 25\nsender = "desk@example.com"', "host"),
        ('host = "mail.example.com"\nport = 25\nsender = "desk"', "sender"),
        ('host = "mail.example.com"\nport = 25\nsender = "desk@example.com"\nuser = "desk"', "password_file"),
        ('host = "mail.example.com"\nsender = "desk@example.com"', "port is missing"),
    ],
)
def test_a_wrong_mail_setting_is_named(tmp_path: Path, lines: str, said: str) -> None:
    path = init(tmp_path / "desk")
    path.write_text(path.read_text().replace(SMTP, f"\n[smtp]\n{lines}\n"))
    with pytest.raises(InputError, match=said):
        config.load(path)


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("https://desk.example.com", "desk@desk.example.com"),
        ("https://192.0.2.7", "desk@desk.localhost"),
        ("http://localhost:8600", "desk@desk.localhost"),
    ],
)
def test_without_a_mail_server_of_its_own_it_uses_the_one_of_this_machine(
    tmp_path: Path, url: str, sender: str
) -> None:
    path = init(tmp_path / "desk", url=url)
    path.write_text(path.read_text().replace(SMTP, ""))
    smtp = config.load(path).smtp
    assert (smtp.host, smtp.port, smtp.starttls, smtp.sender) == ("localhost", 25, False, sender)


def test_everything_has_a_default_and_is_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(["staff"]) == 0
    monkeypatch.chdir(tmp_path / "sparekey-desk")
    assert main(["keys", "list"]) == 0
    assert "sign.key" in capsys.readouterr().out
    settings = config.load(Path("desk.toml"))
    assert (settings.url, settings.listen) == ("http://localhost:8600", "127.0.0.1:8600")


def test_a_mail_password_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    path = init(tmp_path / "desk")
    path.write_text(path.read_text() + 'user = "desk"\npassword_file = "smtp-password"\n')
    with pytest.raises(UnavailableError, match="smtp-password"):
        main(["run", "--config", str(path)])
    (tmp_path / "desk" / "smtp-password").write_text("correct horse")
    (tmp_path / "desk" / "smtp-password").chmod(0o644)
    with pytest.raises(InputError, match="key-mode") as caught:
        main(["run", "--config", str(path)])
    assert "correct horse" not in str(caught.value)


def test_a_name_with_quotes_survives_the_settings(tmp_path: Path) -> None:
    name = 'Desk "A" \\ \u0160'
    main(["init", "--dir", str(tmp_path / "desk"), "--name", name, "--url", "https://desk.example.com"])
    path = tmp_path / "desk" / "desk.toml"
    path.write_text(path.read_text() + SMTP)
    assert config.load(path).name == name


@pytest.mark.parametrize("name", ["", "x" * 65, "two\nlines", "bell\x07"])
def test_a_name_that_no_trust_file_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        main(["init", "--dir", str(tmp_path / "desk"), "--name", name, "--url", "https://desk.example.com"])
    assert not (tmp_path / "desk").exists()


def test_no_key_shows_itself(tmp_path: Path) -> None:
    keys = keyring.read_keys(config.load(init(tmp_path / "desk")).keys)
    assert repr(keys) == "Keyring()"


def test_the_database_is_a_file_beside_the_settings_or_an_address(tmp_path: Path) -> None:
    path = init(tmp_path / "desk")
    settings = config.load(path)
    assert settings.database == str(tmp_path / "desk" / "desk.sqlite")
    address = "postgresql://desk@db.example.com/desk"
    path.write_text(path.read_text().replace('"desk.sqlite"', f'"{address}"'))
    assert config.load(path).database == address


def test_a_password_of_the_database_comes_from_a_file_that_others_cannot_read(tmp_path: Path) -> None:
    settings = config.load(init(tmp_path / "desk"))
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(0o644)
    wanted = replace(settings, database="postgresql://desk@localhost/desk", database_password_file=file)
    with pytest.raises(InputError, match="key-mode"):
        open_database(wanted)
    file.chmod(0o600)
    with pytest.raises(UnavailableError, match=r"cannot open the PostgreSQL .* no such socket") as raised:
        open_database(replace(wanted, database="postgresql://desk@/desk?host=/nonexistent"))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("mysql://desk:hunter2@localhost/desk", "begins with postgresql"),
        ("host=localhost password=hunter2", "begins with postgresql"),
        ("", "begins with postgresql"),
        ("postgresql://desk:hunter2@localhost/desk", "goes into a file"),
        ("postgresql://desk@localhost/desk?password=hunter2", "goes into a file"),
        ("postgresql://desk:hun%ter2@localhost/desk", "percent sign in it is written %25"),
        ("postgresql://desk@localhost/desk?sslmod=hunter2", "knows no setting 'sslmod'"),
        ("postgresql:/desk:hunter2@localhost/desk", "with two slashes"),
        ("postgresql://desk@[::1/hunter2", "this one cannot be read"),
        ("postgresql://desk@db.example.com/desk?sslmode=prefer&user=hunter2", "lets others read along"),
    ],
)
def test_T02_a_wrong_address_of_the_database_is_explained_and_never_repeated(
    tmp_path: Path, written: str, told: str
) -> None:
    path = init(tmp_path / "desk")
    path.write_text(path.read_text().replace('"desk.sqlite"', f'"{written}"'))
    with pytest.raises(InputError) as raised:
        config.load(path)
    assert told in str(raised.value)
    assert "hunter2" not in str(raised.value)
    with pytest.raises(InputError):
        main(["init", "--dir", str(tmp_path / "second"), "--database", written])
    assert not (tmp_path / "second").exists()
