"""Addresses of single sign-on, under the names django-allauth looks up."""

from django.urls import include, path

from zhengtong.capabilities.identity.web import oidc

_provider = [
    path(".well-known/openid-configuration", oidc.configuration, name="configuration"),
    path(".well-known/jwks.json", oidc.keys, name="jwks"),
    path("sso/authorize", oidc.authorization, name="authorization"),
    path("sso/token", oidc.token, name="token"),
    path("sso/userinfo", oidc.claims, name="userinfo"),
    path("sso/revoke", oidc.revoke, name="revoke"),
    path("sso/logout", oidc.sign_off, name="logout"),
]

urlpatterns = [path("", include(([path("", include((_provider, "oidc")))], "idp")))]
