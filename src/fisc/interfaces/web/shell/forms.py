"""Who one is."""

from typing import Any

from django import forms
from django.contrib import auth
from django.contrib.auth import models as auth_models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fisc.plumbing.users import models


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("Name to sign in with"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request
        self.user: models.User | None = None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "username" in given and "password" in given:
            self.user = _checked(self.request, given["username"], given["password"])
        return given


class UnlockForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "autofocus": "autofocus"}
        ),
    )

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data)
        self.request = request

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        assert not isinstance(self.request.user, auth_models.AnonymousUser)
        _checked(self.request, self.request.user.get_username(), password)
        return password


def _checked(request: HttpRequest, username: str, password: str) -> models.User:
    user = auth.authenticate(request, username=username, password=password)
    if user is None:
        raise forms.ValidationError(
            _("The name or the password is wrong. Five wrong tries close the door for a while.")
        )
    return user
