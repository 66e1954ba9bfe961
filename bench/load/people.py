"""What one person does at each server, from "I forgot it" to what comes of it.

At ours that is the mail with the code: the new password is set at the recorder, and its hash is made there. At the
others it is the new password.
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

from bench.load.client import Answer, Cycle, Person

TOKEN = re.compile(r'csrfmiddlewaretoken" value="(\w+)"')
OUR_TOKEN = re.compile(r'action="/R/[^>]*>\s*<input[^>]* value="([0-9a-f]{64})"')
PASSWORD = "a quite new secret sentence"


def ours(paths: list[str]) -> Cycle:
    """A phone opens the page behind the square and presses the button."""

    async def cycle(person: Person, number: int) -> None:
        page = expect(200, await person.send("GET", paths[number]))
        token = {"token": found(OUR_TOKEN, page)}
        expect(200, await person.send("POST", paths[number], urlencode(token)))

    return cycle


def button(paths: list[str]) -> Cycle:
    """The button alone, as fastapi-users is called without any page; the form's hidden field is fetched once."""

    async def cycle(person: Person, number: int) -> None:
        if not person.token:
            person.token = found(OUR_TOKEN, expect(200, await person.send("GET", paths[number])))
        expect(200, await person.send("POST", paths[number], urlencode({"token": person.token})))

    return cycle


async def django(person: Person, number: int) -> None:
    """Form, mail, link, new password."""
    mail = address(number)
    await _form(person, "/password_reset/", {"email": mail})
    step = expect(302, await person.send("GET", await person.mailed(mail)))
    typed = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    await _form(person, step.headers["location"], typed)


async def allauth(person: Person, number: int) -> None:
    """Form, mail, code, new password."""
    mail = address(number)
    person.cookies.pop("sessionid", None)
    step = await _form(person, "/accounts/password/reset/", {"email": mail})
    code = {"code": await person.mailed(mail)}
    step = await _form(person, step.headers["location"], code)
    await _form(person, step.headers["location"], {"password1": PASSWORD, "password2": PASSWORD})


async def fastapi_users(person: Person, number: int) -> None:
    """Two calls, with the token of the mail between them."""
    mail, kind = address(number), "application/json"
    expect(202, await person.send("POST", "/auth/forgot-password", json.dumps({"email": mail}), kind))
    token = (await person.mailed(mail)).removeprefix("token=")
    body = json.dumps({"token": token, "password": PASSWORD})
    expect(200, await person.send("POST", "/auth/reset-password", body, kind))


def address(number: int) -> str:
    """Somebody's mailbox."""
    return f"o{number}@example.com"


async def _form(person: Person, path: str, values: dict[str, str]) -> Answer:
    page = expect(200, await person.send("GET", path))
    sent = urlencode({"csrfmiddlewaretoken": found(TOKEN, page), **values})
    return expect(302, await person.send("POST", path, sent))


def expect(status: int, answer: Answer) -> Answer:
    """This, or the measurement is worth nothing."""
    if answer.status != status:
        raise RuntimeError(f"{answer.status} instead of {status}: {answer.body[:300]}")
    return answer


def found(pattern: re.Pattern[str], page: Answer) -> str:
    """What a page has hidden."""
    match = pattern.search(page.body)
    if match is None:
        raise RuntimeError(page.body[:300])
    return match[1]
