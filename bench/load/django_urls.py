"""Where the pages of both are."""

# mypy: ignore-errors
from django.contrib.auth import views
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("password_reset/", views.PasswordResetView.as_view(), name="password_reset"),
    path("password_reset/done/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("accounts/", include("allauth.urls")),
    path("done/", lambda _: HttpResponse("done")),
]
