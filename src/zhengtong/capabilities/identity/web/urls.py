"""Addresses below ``/accounts/``; names that begin with ``account_`` or ``mfa_`` are those django-allauth looks up."""

from django.urls import path

from zhengtong.capabilities.identity.web import account, entrance

urlpatterns = [
    path("", account.home, name="account_home"),
    path("login/", entrance.sign_in, name="account_login"),
    path("login/code/", entrance.second_factor, name="mfa_authenticate"),
    path("logout/", entrance.sign_out, name="account_logout"),
    path("inactive/", entrance.inactive, name="account_inactive"),
    path("register/", entrance.register, name="account_signup"),
    path("privacy/", entrance.privacy, name="account_privacy"),
    path("confirm/", entrance.password_again, name="account_reauthenticate"),
    path("confirm/code/", entrance.code_again, name="mfa_reauthenticate"),
    path("identity/", account.choose, name="account_choose_identity"),
    path("password/", account.new_password, name="account_change_password"),
    path("second-factor/", entrance.enrol, name="mfa_activate_totp"),
    path("recovery-codes/", entrance.recovery_codes, name="mfa_view_recovery_codes"),
    path("legal-persons/add/", account.add_legal_person, name="account_add_legal_person"),
    path("legal-persons/authorise/", account.authorise, name="account_authorise_agent"),
]
