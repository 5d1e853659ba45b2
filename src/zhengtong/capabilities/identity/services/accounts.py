"""Accounts of officials, first accounts of a new installation, change of password."""

import dataclasses
import datetime as dt
import secrets
import string
import uuid
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity.constants import PersonKind, SignInOutcome
from zhengtong.capabilities.identity.models import Account, Appointment, Person
from zhengtong.capabilities.identity.permissions import require_system_administrator
from zhengtong.capabilities.identity.rules import username_is_valid
from zhengtong.capabilities.identity.services.authorisation import appoint, grant_role
from zhengtong.capabilities.identity.services.organisations import create_post
from zhengtong.capabilities.identity.services.passwords import (
    personal_words,
    refuse_former_password,
    refuse_weak_password,
    store_password,
)
from zhengtong.capabilities.identity.services.second_factor import enrol_totp
from zhengtong.capabilities.identity.services.sign_in import lock_of, record_failure
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.fields import blind_index


@dataclasses.dataclass(frozen=True, kw_only=True)
class FirstAccount:
    """An official to begin with: who, where, in which post, with which roles of that post."""

    username: str
    display_name: str
    org_code: str
    post_title: str
    roles: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class FirstAccountSecret:
    """Password and TOTP secret of a new account, shown once and stored nowhere in the clear."""

    username: str
    display_name: str
    password: str
    totp_secret: str


def create_staff(*, actor: Actor, name: str, phone: str = "") -> uuid.UUID:
    """A person who will hold posts; returns the person's id."""
    require_system_administrator(actor)
    with transaction.atomic():
        person = Person.objects.create(
            tenant=actor.tenant, name=name.strip(), phone=phone, phone_index=blind_index(phone), kind=PersonKind.STAFF
        )
        ledger.append(
            actor=actor,
            act="identity.staff_created",
            object_ref=ObjectRef(kind="person", id=str(person.id)),
            payload={},
        )
    return person.id


def create_account(
    *, actor: Actor, person_id: uuid.UUID, username: str, password: str, must_change: bool = True
) -> uuid.UUID:
    """An account for a person; returns its id.

    Raises Invalid for a bad user name or weak password, Conflict when the name is taken or he has an account.
    """
    require_system_administrator(actor)
    if not username_is_valid(username):
        raise Invalid(_("用户名应为 3 至 30 个小写字母、数字或 _ . -，以字母开头。"), field="username")
    refuse_weak_password(password, tenant=actor.tenant, personal=(username,))
    if not Person.objects.filter(tenant=actor.tenant, pk=person_id).exists():
        raise NotFound(_("没有这个人员。请先登记人员。"))
    try:
        with transaction.atomic():
            account = Account(tenant=actor.tenant, username=username, person_id=person_id)
            store_password(account, password, must_change=must_change)
            account.save(force_insert=True)
            ledger.append(
                actor=actor,
                act="identity.account_created",
                object_ref=ObjectRef(kind="account", id=str(account.pk)),
                payload={"person": str(person_id)},
            )
    except IntegrityError as error:
        raise Conflict(_("用户名已被使用，或者此人已有账户。一个人只能有一个账户。"), field="username") from error
    return account.pk


def change_password(*, actor: Actor, account_id: uuid.UUID, old_password: str, new_password: str) -> None:
    """The account's owner sets a new password; raises Invalid when the old one is wrong or the new one not good."""
    account = Account.objects.select_related("person").filter(tenant=actor.tenant, pk=account_id).first()
    if account is None or account.person_id != actor.person_id:
        raise NotPermitted(_("只能修改自己的密码。"))
    locked = lock_of(account)
    if locked:
        raise NotPermitted(locked)
    if not account.check_password(old_password):
        record_failure(account_id=account.pk, outcome=SignInOutcome.WRONG_PASSWORD)
        raise Invalid(_("原密码不正确。连续输错会锁定账户。"), field="old_password")
    refuse_weak_password(new_password, tenant=actor.tenant, personal=personal_words(account), field="password")
    refuse_former_password(account, new_password, field="password")
    with transaction.atomic():
        store_password(account, new_password, must_change=False)
        account.save(update_fields=["password", "password_changed_at", "must_change_password"])
        ledger.append(
            actor=actor,
            act="identity.password_changed",
            object_ref=ObjectRef(kind="account", id=str(account.pk)),
            payload={},
        )


def create_first_accounts(
    *, actor: Actor, rows: Iterable[FirstAccount], must_change: bool = True, appointed_on: dt.date | None = None
) -> list[FirstAccountSecret]:
    """Persons, posts, roles, accounts, second factors; only accounts that are new are returned, with their secrets.

    A user name that occurs again gets a further post; all hold their posts since ``appointed_on``, by default since
    today. ``actor`` is the platform itself (``kernel.actors.system``).
    """
    if actor.kind != "system":
        raise NotPermitted(_("首批账户只能由系统在安装时建立。"))
    made = []
    for row in rows:
        with transaction.atomic():
            secret = _first_account(actor, row, must_change=must_change, appointed_on=appointed_on)
        if secret is not None:
            made.append(secret)
    return made


def _first_account(
    actor: Actor, row: FirstAccount, *, must_change: bool, appointed_on: dt.date | None
) -> FirstAccountSecret | None:
    post_id = create_post(actor=actor, organisation_code=row.org_code, title=row.post_title)
    for role in row.roles:
        grant_role(actor=actor, post_id=post_id, role=role)
    known = Account.objects.filter(tenant=actor.tenant, username=row.username).first()
    if known is not None:
        if not Appointment.objects.filter(person_id=known.person_id, post_id=post_id).exists():
            appoint(actor=actor, person_id=known.person_id, post_id=post_id, valid_from=appointed_on)
        return None
    person_id = create_staff(actor=actor, name=row.display_name)
    appoint(actor=actor, person_id=person_id, post_id=post_id, valid_from=appointed_on)
    password = random_password()
    account_id = create_account(
        actor=actor, person_id=person_id, username=row.username, password=password, must_change=must_change
    )
    secret = enrol_totp(actor=actor, account_id=account_id)
    return FirstAccountSecret(row.username, row.display_name, password, secret)


def random_password() -> str:
    """Sixteen characters of all four kinds."""
    signs = "-_.!@#%"
    kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, signs)
    letters = [secrets.choice(kind) for kind in kinds]
    letters += [secrets.choice(string.ascii_letters + string.digits) for _i in range(12)]
    secrets.SystemRandom().shuffle(letters)
    return "".join(letters)
