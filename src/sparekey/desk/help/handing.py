"""What a form of the public pages brings: a file, a photo of the square, a pasted text, and how to reach its
sender.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sparekey.core.errors import InputError
from sparekey.core.values import mail_address
from sparekey.desk.cases.asking import Asker, Route
from sparekey.language.catalogue import N_
from sparekey.web.forms import Limits

if TYPE_CHECKING:
    from sparekey.web.forms import Form

FILE_LIMIT = 16 * 1024 * 1024
"""Bytes of a file that anybody may hand in: a photo, or requests of some thousand devices."""
LIMITS = Limits(file=FILE_LIMIT)
PHONE_LIMIT = 32

WRONG_ADDRESS = N_("An e-mail address looks like name@example.com.")
NEEDS_ADDRESS = N_("To send it by e-mail we need your address.")
NEEDS_PHONE = N_("To call you we need your phone number.")
WRONG_PHONE = N_("A phone number has 5 to 20 digits, with spaces and a plus sign if you like.")
PHOTO = {
    "photo-square": N_(
        "We cannot read the square on this photo. Take it again: straight from the front, close, without reflections"
        " and without shaking."
    ),
    "photo-many": N_("There are several squares on this photo. Take one at a time."),
    "photo-size": N_("This photo is too large. Take it again with a lower resolution."),
    "photo-many-times": N_(
        "Many photos were sent from here in a short time. Wait an hour, or send the saved file."
    ),
    "photo-busy": N_("Many photos are being looked at just now. Send yours again in a minute."),
    "photo": N_("We cannot open this picture. Send it as JPEG, PNG or WebP."),
}
"""Sentences for photos, by the slug of the error."""


@dataclass(frozen=True)
class Reach:
    """How somebody wants the answer, checked. `wrong`: field -> sentence."""

    route: Route
    address: str
    phone: str
    wrong: dict[str, str]

    def asker(self, opener: bytes, locale: str) -> Asker:
        """Whoever filled in the form."""
        return Asker(opener, locale, self.route, self.address, self.phone)


def read_reach(form: Form) -> Reach:
    """The fields `route`, `address` and `phone`."""
    wrong = {}
    try:
        route = Route(form.text("route") or Route.DOWNLOAD.value)
    except ValueError:
        route = Route.DOWNLOAD
    address, phone = form.text("address"), form.text("phone")
    try:
        address = mail_address(address) if address else ""
    except InputError:
        wrong["address"] = WRONG_ADDRESS
    digits = sum(letter.isdecimal() for letter in phone)
    if phone and (not 5 <= digits <= 20 or len(phone) > PHONE_LIMIT or set(phone) - set("0123456789 +-()/.")):
        wrong["phone"] = WRONG_PHONE
    if route is Route.MAIL and not address:
        wrong.setdefault("address", NEEDS_ADDRESS)
    if route is Route.CALL and not phone:
        wrong.setdefault("phone", NEEDS_PHONE)
    return Reach(route, address, phone, wrong)


def is_photo(form: Form) -> bool:
    """Whether the file that was handed in is a picture."""
    from sparekey.desk import photo

    file = form.file("file")
    return file is not None and photo.is_photo(file.data)


def read_given(form: Form) -> str | bytes:
    """What was handed in: the file, or what is on the photo, or the pasted text; empty for nothing. Raises
    InputError with a slug of `PHOTO`.
    """
    from sparekey.desk import photo

    file = form.file("file")
    if file is None:
        return form.text("text")
    if not photo.is_photo(file.data):
        return file.data
    return photo.read_photo(file.data)
