from __future__ import annotations

import pytest

from sparekey.core.errors import (
    InputError,
    MisuseError,
    Refusal,
    SparekeyError,
    UnavailableError,
    UntrustedError,
)
from sparekey.core.policy import PasswordFault
from sparekey.host.problems import Problem, of_error, of_fault, of_refusal
from sparekey.language.things import of_camera, of_recorder

ERRORS = [InputError, UntrustedError, UnavailableError, MisuseError, SparekeyError]


def reads_well(text: str) -> bool:
    """A sentence for people: it begins large, ends, and blames nobody."""
    return (
        text[:1].isupper()
        and text.endswith(".")
        and "invalid" not in text.lower()
        and "error" not in text.lower()
    )


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_says_what_happened_and_what_to_do(refusal: Refusal) -> None:
    problem = of_refusal(refusal)
    assert problem.slug == refusal.value
    assert problem.status in {400, 403, 409, 410, 429, 503}
    assert problem.exit == 1
    assert reads_well(problem.told)
    assert reads_well(of_recorder(problem.mend))
    assert reads_well(of_camera(problem.mend))


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_says_what_happened_and_what_to_do(kind: type[SparekeyError]) -> None:
    problem = of_error(kind("a-slug", "a hint that stays inside"))
    assert problem.slug == "a-slug"
    assert reads_well(problem.told)
    assert reads_well(problem.mend)
    assert "stays inside" not in f"{problem}"


def test_exit_codes_and_statuses_tell_the_families_apart() -> None:
    problems = [of_error(kind("s")) for kind in ERRORS[:4]]
    assert [problem.exit for problem in problems] == [2, 3, 4, 70]
    assert [problem.status for problem in problems] == [400, 403, 503, 500]
    assert of_error(SparekeyError("s")) == Problem("s", 500, 70, problems[3].told, problems[3].mend)


@pytest.mark.meets("nist-guidance")
@pytest.mark.parametrize("fault", PasswordFault)
def test_every_password_that_is_not_taken_hears_why(fault: PasswordFault) -> None:
    assert reads_well(of_fault(fault))
