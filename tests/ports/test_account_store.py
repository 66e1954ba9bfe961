"""What every account store promises, and the power cut at every instant on each of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sparekey.core.crypto import hash_password
from sparekey.core.device import MustSet, events
from sparekey.core.effects import Happened, RevokeAccount, SetPassword
from sparekey.core.errors import MisuseError
from sparekey.core.record import Account, Record
from sparekey.core.values import Role
from sparekey.device.accounts.port import AccountStore
from sparekey.testing.device import CHEAP
from sparekey.testing.power import PowerCutError, PowerSwitch
from tests.ports.accounts_bench import NEW, OLD, Recorder, command, embedded

Maker = Callable[[Path, PowerSwitch], AccountStore]
STORES: tuple[Maker, ...] = (embedded, command)


@pytest.fixture(params=STORES, ids=lambda maker: maker.__name__)
def make(request: pytest.FixtureRequest) -> Maker:
    maker: Maker = request.param
    return maker


def recorder(make: Maker, folder: Path, cut_at: int | None = None, profile: str = "sparekey") -> Recorder:
    """A new one, with nothing left of an earlier run."""
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    switch = PowerSwitch(cut_at)
    return Recorder(make(folder, switch), switch, profile)


def filled(make: Maker, folder: Path) -> tuple[AccountStore, Record]:
    """A store that keeps a password for admin and one for guard, and the record that goes with it."""
    store = make(folder, PowerSwitch())
    hashes = {name: hash_password(f"{name}'s password", bytes(16), CHEAP) for name in ("admin", "guard")}
    if store.external:
        assert all(store.carry_out(SetPassword(name, kept)) for name, kept in hashes.items())
    accounts = [Account(name, None if store.external else kept, Role.ADMIN) for name, kept in hashes.items()]
    return store, Record(accounts=tuple(accounts))


def test_B10_the_right_password_opens_its_own_account_alone(make: Maker, tmp_path: Path) -> None:
    store, record = filled(make, tmp_path)
    assert store.verify(record, "admin", "admin's password")
    assert store.verify(record, "guard", "guard's password")
    for name, password in (
        ("admin", "guard's password"),
        ("admin", "Admin's password"),
        ("admin", ""),
        ("Admin", "admin's password"),
        ("nobody", "admin's password"),
        ("", ""),
        ("../admin", "admin's password"),
        ("admin\0", "admin's password"),
        ("správce", "admin's password"),
        ("a" * 100, "x" * 5000),
    ):
        assert not store.verify(record, name, password), name


def test_B10_passwords_are_taken_in_any_script(make: Maker, tmp_path: Path) -> None:
    device = recorder(make, tmp_path)
    device.power_on()
    spoken = 'žluťoučký "kůň" \\ 馬 🐴\t\u2028 end'
    assert device.first_password(spoken) is None
    assert device.works(spoken)
    assert not device.works(spoken.upper())


def test_B10_names_are_listed(make: Maker, tmp_path: Path) -> None:
    store, record = filled(make, tmp_path)
    assert store.names(record) == ("admin", "guard")
    if store.external:
        assert store.carry_out(RevokeAccount("guard"))
        assert store.carry_out(RevokeAccount("guard")), "as often as asked"
        assert store.names(record) == ("admin",)
        assert not store.verify(record, "guard", "guard's password")


def test_B10_what_the_record_does_not_know_opens_nothing(make: Maker, tmp_path: Path) -> None:
    store, record = filled(make, tmp_path)
    assert not store.verify(Record(accounts=record.accounts[:1]), "guard", "guard's password")


def test_B10_an_erase_leaves_nothing(make: Maker, tmp_path: Path) -> None:
    store, record = filled(make, tmp_path)
    assert store.erase()
    assert store.erase(), "as often as asked"
    if store.external:
        assert store.names(record) == ()
        assert not store.verify(record, "admin", "admin's password")


def test_B10_orders_are_carried_out_as_often_as_they_come(make: Maker, tmp_path: Path) -> None:
    store, record = filled(make, tmp_path)
    order = SetPassword("admin", hash_password(NEW, bytes(16), CHEAP))
    if not store.external:
        with pytest.raises(MisuseError):
            store.carry_out(order)
        return
    assert store.carry_out(order)
    assert store.carry_out(order)
    assert store.verify(record, "admin", NEW)
    assert not store.verify(record, "admin", "admin's password")


def instants(device: Recorder, run: Callable[[], object]) -> range:
    """Every instant of a run, as the switch of another such recorder counts them."""
    before = device.switch.passed
    run()
    return range(before + 1, device.switch.passed + 1)


def test_B10_power_cut_at_every_instant_of_a_recovery(make: Maker, tmp_path: Path) -> None:
    device = recorder(make, tmp_path).ready()
    cuts = instants(device, device.recover)
    assert len(cuts) > 15
    for cut_at in cuts:
        device = recorder(make, tmp_path, cut_at).ready()
        with pytest.raises(PowerCutError) as cut:
            device.recover()
        device.power_on()
        old, new = device.works(OLD), device.works(NEW)
        assert old != new, cut.value
        assert new == (device.record.generation == 2), cut.value
        assert device.settled(), cut.value
        if old:
            assert device.recover() is None, cut.value
            assert device.works(NEW), cut.value
            assert not device.works(OLD), cut.value
        told = [line.what for line in device.audit.values()]
        assert told.count(Happened.PASSWORD_RECOVERED) == 1, cut.value


def test_B10_power_cut_at_every_instant_of_the_first_password(make: Maker, tmp_path: Path) -> None:
    device = recorder(make, tmp_path)
    device.power_on()
    for cut_at in instants(device, lambda: device.first_password(OLD)):
        again = recorder(make, tmp_path, cut_at)
        again.power_on()
        with pytest.raises(PowerCutError) as cut:
            again.first_password(OLD)
        again.power_on()
        assert again.settled(), cut.value
        if isinstance(again.state, MustSet):
            assert again.first_password(OLD) is None, cut.value
        assert again.works(OLD), cut.value


def test_B10_power_cut_at_every_instant_of_an_erase(make: Maker, tmp_path: Path) -> None:
    def set_up(cut_at: int | None = None) -> Recorder:
        device = recorder(make, tmp_path, cut_at, "patronum")
        device.power_on()
        assert device.first_password(OLD) is None
        return device

    device = set_up()
    key = device.device_key
    for cut_at in instants(device, lambda: device.tell(events.ButtonHeld(10))):
        again = set_up(cut_at)
        with pytest.raises(PowerCutError) as cut:
            again.tell(events.ButtonHeld(10))
        again.power_on()
        assert again.settled(), cut.value
        if isinstance(again.state, MustSet):
            assert again.device_key != key, cut.value
            assert again.accounts.names(again.record) == (), cut.value
        else:
            assert again.device_key == key, cut.value
            assert again.works(OLD), cut.value


@pytest.mark.parametrize(("first", "second"), [(embedded, command), (command, embedded)])
def test_B10_another_store_opens_nothing_at_first(first: Maker, second: Maker, tmp_path: Path) -> None:
    device = recorder(first, tmp_path).ready()
    assert device.works(OLD)
    device.use(second(tmp_path / "other", PowerSwitch()))
    assert not device.works(OLD)
    assert device.recover() is None
    assert device.works(NEW)
