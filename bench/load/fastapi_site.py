"""A site of fastapi-users with nothing on it but "forgot password", as its guide sets it up.

Run by uvicorn in the peers' environment. Where things are comes from the environment: DATABASE, SMTP, HASHER.
"""

# mypy: ignore-errors
import asyncio
import hashlib
import os
from email.message import EmailMessage

import aiosmtplib
from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy
from fastapi_users.password import PasswordHelper
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from pwdlib import PasswordHash
from pwdlib.hashers import HasherProtocol
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

KIND, _, WHERE = os.environ["DATABASE"].partition(":")
SECRET = "only for measuring, and long enough for it"


def _engine():
    if KIND == "sqlite":
        made = create_async_engine(f"sqlite+aiosqlite:///{WHERE}", connect_args={"timeout": 30})

        @event.listens_for(made.sync_engine, "connect")
        def durable(connection, _record):
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

        return made
    folder, _, name = WHERE.rpartition("/")
    return create_async_engine(f"postgresql+asyncpg://desk@/{name}?host={folder}", pool_size=16)


class Base(DeclarativeBase):
    """The tables."""


class User(SQLAlchemyBaseUserTableUUID, Base):
    """Somebody."""


class Quick(HasherProtocol):
    """A hash that costs nothing."""

    @classmethod
    def identify(cls, hash):
        return str(hash).startswith("quick$")

    def hash(self, password, *, salt=None):
        return "quick$" + hashlib.md5(str(password).encode()).hexdigest()

    def verify(self, password, hash):
        return self.hash(password) == hash

    def check_needs_rehash(self, hash):
        return False


HELPER = PasswordHelper(PasswordHash((Quick(),))) if os.environ.get("HASHER") == "none" else PasswordHelper()
engine = _engine()
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def users_of():
    async with sessions() as session:
        yield SQLAlchemyUserDatabase(session, User)


class Manager(UUIDIDMixin, BaseUserManager):
    """Mails the token."""

    reset_password_token_secret = SECRET
    verification_token_secret = SECRET

    async def on_after_forgot_password(self, user, token, request=None):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "desk@example.com", user.email, "Your password"
        message.set_content(f"token={token}\n")
        await aiosmtplib.send(message, hostname="127.0.0.1", port=int(os.environ["SMTP"]), start_tls=False)


async def manager_of(users=Depends(users_of)):
    yield Manager(users, HELPER)


backend = AuthenticationBackend(
    name="jwt",
    transport=BearerTransport(tokenUrl="auth/jwt/login"),
    get_strategy=lambda: JWTStrategy(secret=SECRET, lifetime_seconds=3600),
)
app = FastAPI()
app.include_router(FastAPIUsers(manager_of, [backend]).get_reset_password_router(), prefix="/auth")


async def furnish(users: int) -> None:
    """The tables, and people who all have one password."""
    kept = HELPER.hash("an old password to lose")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        rows = [{"email": f"o{number}@example.com", "hashed_password": kept} for number in range(users)]
        await connection.execute(insert(User), rows)


if __name__ == "__main__":
    asyncio.run(furnish(int(os.environ["USERS"])))
    print("ready")
