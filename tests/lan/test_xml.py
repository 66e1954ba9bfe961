"""XML from strangers: a tree, or our error."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparekey.core.errors import InputError
from sparekey.lan.xml import Element, Limits, escape, read_xml


def nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


def test_a_tree_knows_its_namespaces() -> None:
    root = read_xml(b'<e:r xmlns:e="urn:e" xmlns="urn:d" e:k="1" j="2"><c> text </c><e:c/>tail</e:r>\0\r\n')
    assert (root.space, root.name, root.text) == ("urn:e", "r", "tail")
    assert root.attributes == {"{urn:e}k": "1", "j": "2"}
    assert [(child.space, child.name) for child in root.all("c")] == [("urn:d", "c"), ("urn:e", "c")]
    assert root.says("c") == "text"
    assert root.says("c", "urn:e") == root.says("x") == ""
    assert root.need("c", "urn:e") == Element("urn:e", "c")
    with pytest.raises(InputError):
        root.need("x")


def test_names_in_values_are_resolved_where_they_stand() -> None:
    root = read_xml('<r xmlns:p="urn:1" xmlns="urn:0"><c xmlns:p="urn:2"/><c xmlns=""/></r>')
    first, second = root.children
    assert [e.qualified("p:x") for e in (root, first, second)] == [
        ("urn:1", "x"),
        ("urn:2", "x"),
        ("urn:1", "x"),
    ]
    assert [e.qualified("x") for e in (root, second)] == [("urn:0", "x"), ("", "x")]
    assert root.qualified("q:x") == ("q:", "x")


@pytest.mark.meets("asvs-1.5.1")
@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>',
        '<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>',
        '<!DOCTYPE r [<!ENTITY % e SYSTEM "http://192.0.2.1/x"> %e;]><r/>',
        "<r>&e;</r>",
        "<?php x?><r/>",
        "<r/><?x y?>",
        "",
        " \0",
        "<r>",
        "<r></s>",
        "<r/><r/>",
        "<p:r/>",
        nested(33),
        "<r>" + "<a/>" * 4096 + "</r>",
        "<r " + " ".join(f'a{n}="1"' for n in range(33)) + "/>",
        "<r " + " ".join(f'xmlns:a{n}="urn:1"' for n in range(65)) + "/>",
        "<r>\ud800</r>",
    ],
)
def test_T14_what_nothing_here_needs_is_refused(document: str) -> None:
    with pytest.raises(InputError) as caught:
        read_xml(document)
    assert caught.value.slug == "xml"


@pytest.mark.parametrize("data", ["<r/>".encode("utf-16"), b"<r>\xff</r>", b'<?xml version="1.1"?>\xfe<r/>'])
def test_T14_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        read_xml(data)


@pytest.mark.meets("asvs-1.5.1")
def test_T14_limits_hold() -> None:
    assert read_xml(nested(32)).name == "a"
    with pytest.raises(InputError, match="oversize"):
        read_xml("<r/>", Limits(size=3))
    with pytest.raises(InputError, match="oversize"):
        read_xml("<r>ěšč</r>", Limits(size=10))


def test_a_declared_encoding_is_passed_over() -> None:
    assert read_xml('<?xml version="1.0" encoding="iso-8859-1"?><r>é</r>').text == "é"
    assert read_xml(b"\xef\xbb\xbf<r/>").name == "r"


def test_what_was_complete_is_kept_of_a_document_that_breaks_off() -> None:
    root = read_xml("<r><a>1</a><b><c>2</c><d>hal", partial=True)
    assert [child.name for child in root.children] == ["a", "b"]
    assert [child.name for child in root.children[1].children] == ["c"]
    assert read_xml("<r><a>hal", partial=True).children == ()
    with pytest.raises(InputError):
        read_xml("<r", partial=True)


@given(st.text())
def test_what_is_escaped_comes_back(text: str) -> None:
    back = read_xml(f'<r a="{escape(text)}">{escape(text)}</r>')
    assert all(c in '<>&"?' or c.isprintable() or c.isspace() or c in text for c in back.text)
    if text.isprintable():
        assert (back.text, back.attributes["a"]) == (text.strip(), text)


@given(st.binary() | st.text().map(lambda t: f"<r>{t}</r>".encode(errors="replace")), st.booleans())
def test_T14_any_bytes_give_a_tree_or_our_error(data: bytes, partial: bool) -> None:
    with suppress(InputError):
        assert isinstance(read_xml(data, partial=partial), Element)
