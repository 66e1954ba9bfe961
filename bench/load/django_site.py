"""A site of Django or django-allauth with nothing on it but "forgot password", as their guides set it up.

Run by gunicorn in the peers' environment. Where things are comes from the environment: DATABASE, SMTP, HASHER.
"""

# mypy: ignore-errors
import os
from pathlib import Path

import django
from django.conf import settings

HASHERS = {
    "argon2": "django.contrib.auth.hashers.Argon2PasswordHasher",
    "none": "django.contrib.auth.hashers.MD5PasswordHasher",
}
PAGE = "<form method=post>{% csrf_token %}{{ form }}<button>Send</button></form>"


def database() -> dict[str, object]:
    """SQLite as durable as ours, or PostgreSQL, whose durability is the server's."""
    kind, _, where = os.environ["DATABASE"].partition(":")
    if kind == "sqlite":
        init = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        options = {"init_command": init, "transaction_mode": "IMMEDIATE", "timeout": 30}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": where, "OPTIONS": options}
    folder, _, name = where.rpartition("/")
    engine = "django.db.backends.postgresql"
    return {"ENGINE": engine, "NAME": name, "HOST": folder, "USER": "desk", "CONN_MAX_AGE": 600}


settings.configure(
    SECRET_KEY="only for measuring",
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF="bench.load.django_urls",
    DATABASES={"default": database()},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ],
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "registration/password_reset_form.html": PAGE,
                            "registration/password_reset_confirm.html": PAGE,
                            "registration/password_reset_done.html": "sent",
                            "registration/password_reset_complete.html": "done",
                            "registration/password_reset_subject.txt": "Your password",
                            "registration/password_reset_email.html": "Go to /reset/{{ uid }}/{{ token }}/ to set it.",
                        },
                    ),
                    (
                        "django.template.loaders.cached.Loader",
                        ["django.template.loaders.app_directories.Loader"],
                    ),
                ],
            },
        }
    ],
    PASSWORD_HASHERS=[HASHERS[os.environ.get("HASHER", "argon2")]],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend"],
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ.get("SMTP", "25")),
    DEFAULT_FROM_EMAIL="desk@example.com",
    ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED=True,
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*"],
    ACCOUNT_RATE_LIMITS=False,
    ACCOUNT_EMAIL_NOTIFICATIONS=False,
    LOGIN_REDIRECT_URL="/done/",
    USE_TZ=True,
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - only after the settings

application = get_wsgi_application()


def furnish(users: int) -> None:
    """The tables, and people who all have one password."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    kept = make_password("an old password to lose")
    made = [
        User(username=f"o{number}", email=f"o{number}@example.com", password=kept) for number in range(users)
    ]
    User.objects.bulk_create(made, batch_size=500)
    found = User.objects.all()
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in found],
        batch_size=500,
    )


if __name__ == "__main__":
    furnish(int(os.environ["USERS"]))
    print(Path(__file__).name, "ready")
