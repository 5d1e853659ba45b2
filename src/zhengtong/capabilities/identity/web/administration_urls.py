"""Addresses of the three administrators below ``/accounts/administration/`` and of delegations."""

from django.urls import path

from zhengtong.capabilities.identity.web import administration as start
from zhengtong.capabilities.identity.web import administration_accounts as accounts
from zhengtong.capabilities.identity.web import administration_organisations as organisations
from zhengtong.capabilities.identity.web import administration_people as people
from zhengtong.capabilities.identity.web import administration_rights as rights
from zhengtong.capabilities.identity.web import administration_sources as sources
from zhengtong.capabilities.identity.web import delegations

app_name = "administration"

_ORGANISATION = "administration/organisations/<str:code>/"
_PERSON = "administration/people/<uuid:person_id>/"
_POST = "administration/posts/<uuid:post_id>/"
_REQUEST = "administration/requests/<uuid:request_id>/"

urlpatterns = [
    path("administration/", start.home, name="home"),
    path("administration/acts/", start.acts, name="acts"),
    path("administration/organisations/", organisations.organisations, name="organisations"),
    path("administration/found/", organisations.found, name="found"),
    path(_ORGANISATION, organisations.organisation, name="organisation"),
    path(f"{_ORGANISATION}rename/", organisations.rename, name="rename"),
    path(f"{_ORGANISATION}move/", organisations.move, name="move"),
    path(f"{_ORGANISATION}merge/", organisations.merge, name="merge"),
    path(f"{_ORGANISATION}abolish/", organisations.abolish, name="abolish"),
    path(f"{_ORGANISATION}posts/add/", organisations.add_post, name="add_post"),
    path("administration/people/", people.people, name="people"),
    path("administration/people/add/", people.add, name="add_person"),
    path(_PERSON, people.person, name="person"),
    path(f"{_PERSON}read/", people.read, name="read"),
    path(f"{_PERSON}appoint/", people.appoint, name="appoint"),
    path(f"{_PERSON}posts/<uuid:post_id>/end/", people.end, name="end"),
    path(f"{_PERSON}posts/<uuid:post_id>/hand-over/", people.hand_over, name="hand_over"),
    path("administration/posts/", rights.posts, name="posts"),
    path(_POST, rights.post, name="post"),
    path(f"{_POST}roles/add/", rights.ask_role, name="request_role"),
    path(f"{_POST}roles/<slug:role>/revoke/", rights.take_role, name="revoke_role"),
    path("administration/requests/", rights.requests, name="requests"),
    path(_REQUEST, rights.one_request, name="request"),
    path(f"{_REQUEST}decide/", rights.decide, name="decide"),
    path(f"{_REQUEST}withdraw/", rights.withdraw, name="withdraw"),
    path("administration/accounts/", accounts.accounts, name="accounts"),
    path("administration/accounts/<uuid:account_id>/<slug:act>/", accounts.account_act, name="account_act"),
    path("administration/sources/", sources.sources, name="sources"),
    path("administration/sources/<uuid:guard_id>/", sources.source, name="source"),
    path("administration/sources/<uuid:guard_id>/unlock/", sources.unlock, name="unlock_source"),
    path("administration/delegations/", rights.delegations, name="delegations"),
    path("administration/delegations/<uuid:delegation_id>/revoke/", rights.end_delegation, name="end_delegation"),
    path("delegations/", delegations.mine, name="my_delegations"),
    path("delegations/add/", delegations.delegate, name="delegate"),
    path("delegations/<uuid:delegation_id>/revoke/", delegations.revoke, name="revoke_mine"),
]
