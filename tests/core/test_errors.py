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


@pytest.mark.parametrize("kind", [InputError, UntrustedError, UnavailableError, MisuseError])
def test_every_family_is_ours_and_has_a_name_of_its_own(kind: type[SparekeyError]) -> None:
    error = kind("a-slug", "do this")
    assert isinstance(error, SparekeyError)
    assert (error.slug, error.hint, str(error)) == ("a-slug", "do this", "a-slug: do this")
    assert kind.family == kind.__name__.removesuffix("Error").lower()


def test_without_a_hint_the_slug_is_all() -> None:
    assert str(InputError("a-slug")) == "a-slug"
    assert InputError("a-slug").hint == ""


def test_refusals_are_values_with_stable_slugs() -> None:
    assert not issubclass(Refusal, Exception)
    for refusal in Refusal:
        assert refusal.value == refusal.name.lower().replace("_", "-")
