"""What the standards say of the profiles is what the profiles do."""

from __future__ import annotations

import pytest

from sparekey.core.errors import InputError
from sparekey.core.policy import DAY, Policy
from sparekey.core.values import MethodName
from sparekey.profiles import names, profile
from sparekey.profiles.standards import Departure, Requirement, departures, standards


def departing(mark: str) -> set[str]:
    """The profiles that depart from a requirement."""
    (found,) = [
        requirement
        for standard in standards()
        for requirement in standard.requirements
        if standard.mark(requirement) == mark
    ]
    return {departure.profile for departure in found.departures}


def short(policy: Policy) -> bool:
    """Whether it takes passwords of fewer than 15 characters."""
    return policy.password.least < 15


@pytest.mark.parametrize("mark", ["nist-length", "asvs-6.2.1", "etsi-5.1-5"])
def test_profiles_with_short_passwords_depart(mark: str) -> None:
    assert departing(mark) == {name for name in names() if short(profile(name))}


@pytest.mark.parametrize("mark", ["asvs-6.3.2", "etsi-5.1-1"])
def test_profiles_with_a_default_login_depart(mark: str) -> None:
    assert departing(mark) == {name for name in names() if profile(name).factory_login}


@pytest.mark.parametrize("mark", ["nist-questions", "asvs-6.4.2"])
def test_profiles_with_questions_depart(mark: str) -> None:
    assert departing(mark) == {name for name in names() if MethodName.QUESTIONS in profile(name).methods}


def test_profiles_with_long_lived_mailed_codes_depart() -> None:
    assert departing("nist-recovery-issued-life") == {
        name for name in names() if profile(name).mail_code.valid > DAY
    }


def test_profiles_with_a_password_that_everybody_knows_depart() -> None:
    assert departing("asvs-6.4.1") == {name for name in names() if profile(name).security_code.temporary}


def test_what_a_profile_departs_from_is_told_by_its_standard_and_place() -> None:
    assert ("NIST SP 800-63B-4 section 4.2.1.2", "a mailed code lives 48 hours") in departures("hikvision")
    assert departures("sparekey") == []


def test_from_what_is_not_met_nobody_departs_and_it_is_not_inapplicable() -> None:
    with pytest.raises(InputError):
        Requirement("1", "Something.", lacks="so", outside="so")
    with pytest.raises(InputError):
        Requirement("1", "Something.", lacks="so", departures=(Departure("patronum", "so"),))
