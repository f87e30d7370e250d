"""Addresses of signing in and of the own account."""

from django.urls import path

from luoshi.site.pages import account, account_sign_in, account_tokens

urlpatterns = [
    path("account/sign-in", account_sign_in.page, name="sign-in"),
    path("account/sign-in/code", account_sign_in.code, name="sign-in-code"),
    path("account/sign-out", account_sign_in.sign_out, name="sign-out"),
    path("account/me", account.page, name="account"),
    path("account/password", account.password, name="password-change"),
    path("account/second-factor", account.factor, name="second-factor"),
    path("account/tokens/new", account_tokens.new, name="token-new"),
    path("account/tokens/end", account_tokens.end, name="token-end"),
    path("account/sessions/end", account.end_session, name="session-end"),
]
