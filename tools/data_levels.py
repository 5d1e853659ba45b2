"""Protection levels of every table, from what its model says of the personal data in it (``docs/personal-data.md``)."""

import inspect
import re
from typing import Final

from django.apps import apps
from django.db import models

#: level → (name, what is in it, how it is encrypted, who reads it, what of it is logged, kept and backed up how)
LEVELS: Final = {
    4: (
        "鉴别数据和密钥", "passwords, second factors, tokens, codes, keys",
        "digest (Argon2id, SHA-256) or SM4-GCM; private keys in the key store or a 密码机",
        "nobody; the platform compares", "never", "until used or changed; in back-ups, encrypted twice",
    ),
    3: (
        "敏感个人信息", "numbers, telephones, addresses, forms, papers, complaints, who wrote them",
        "SM4-GCM by column with a keyed index; files on the operator's encrypted disk",
        "by relation or task, masked by default, with a purpose that is an entry", "never; pseudonyms only",
        "as the table says; sets sealed with SM4 and HMAC-SM3",
    ),
    2: (
        "个人信息和内部信息", "names and posts of officials, pseudonyms, network addresses, words about matters",
        "none by column (the disk's)", "by role and unit", "pseudonyms, never names",
        "as the table says; sets sealed with SM4 and HMAC-SM3",
    ),
    1: (
        "一般信息", "lists, rules, numbers, public papers", "none by column (the disk's)", "by role, much by anybody",
        "as needed", "as the table says; sets sealed with SM4 and HMAC-SM3",
    ),
}  # fmt: skip

#: tables of Wagtail that belong to screens the platform keeps shut
_SHUT: Final = (
    "taggit.Tag",
    "taggit.TaggedItem",
    "wagtailcore.APIToken",
    "wagtailcore.CollectionViewRestriction",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.GroupApprovalTask",
    "wagtailcore.GroupCollectionPermission",
    "wagtailcore.GroupPagePermission",
    "wagtailcore.GroupSitePermission",
    "wagtailcore.PageSubscription",
    "wagtailcore.PageViewRestriction",
    "wagtailcore.Task",
    "wagtailcore.TaskState",
    "wagtailcore.UploadedFile",
    "wagtailcore.Workflow",
    "wagtailcore.WorkflowContentType",
    "wagtailcore.WorkflowPage",
    "wagtailcore.WorkflowState",
    "wagtailcore.WorkflowTask",
    "wagtaildocs.Document",
    "wagtailimages.Image",
    "wagtailimages.Rendition",
    "wagtailredirects.Redirect",
    "wagtailsearch.IndexEntry",
)
#: tables of packages, which say nothing of personal data themselves
OF_PACKAGES: Final = {
    "account.EmailAddress": (2, "not used: people have no mail address as a name to sign in with"),
    "account.EmailConfirmation": (4, "not used"),
    "auth.Group": (1, "not used: roles belong to posts"),
    "auth.Permission": (1, "not used"),
    "contenttypes.ContentType": (1, "names of tables"),
    "allauth_idp_oidc.Client": (4, "secrets of registered applications, as digests"),
    "allauth_idp_oidc.Token": (4, "tokens of single sign-on, as digests; deleted with the sign-on"),
    "mfa.Authenticator": (4, "second factors: secrets encrypted, public keys of passkeys"),
    "procrastinate.ProcrastinateJob": (2, "keys of rows a job is about; deleted when done"),
    "procrastinate.ProcrastinateEvent": (1, "states of jobs"),
    "procrastinate.ProcrastinatePeriodicDefer": (1, "times of periodic jobs"),
    "procrastinate.ProcrastinateWorker": (1, "workers that are alive"),
    "sessions.Session": (4, "sessions: key and identity chosen; deleted at sign-out and when over"),
    "usersessions.UserSession": (4, "list of open sessions with network address and browser"),
    "wagtailadmin.Admin": (1, "holds no rows: the name of a right"),
    "wagtailadmin.EditingSession": (2, "which account has which page open; deleted after an hour"),
    "wagtailadmin.FormState": (2, "which account has which half-typed form open"),
    "wagtailcore.Collection": (1, "folders of the sites"),
    "wagtailcore.Locale": (1, "languages of pages"),
    "wagtailcore.ModelLogEntry": (2, "not used: acts are entered in the ledger"),
    "wagtailcore.Page": (2, "pages of the sites with the accounts that made and locked them"),
    "wagtailcore.PageLogEntry": (
        2,
        "what was done to pages on the editing screens, by which account; the record is the ledger",
    ),
    "wagtailcore.ReferenceIndex": (1, "which page names which"),
    "wagtailcore.Revision": (2, "versions of pages with the account that wrote each"),
    "wagtailcore.Site": (1, "not used: the sites are `sites.GovernmentSite`"),
    "wagtailusers.UserProfile": (2, "an editor's preferences on the editing screens"),
    **dict.fromkeys(_SHUT, (1, "not used: its screens are shut")),
}
#: what a model's own words show to be a credential
_CREDENTIAL: Final = re.compile(r"password hash|only as a hash|\bsecret\b", re.IGNORECASE)
_CREDENTIALS: Final = frozenset({"identity.Account", "ratings.Device"})
#: what may hold anything a citizen brings, or is sensitive by its kind, though no column of it is encrypted
_ANYTHING: Final = re.compile(
    r"\bmay hold (any|some)\b|\bencrypted\b|\bwhatever the|\bwhat the (file|applicant|unit's paper)\b|\bsensitive\b"
    r"|\bsignature\b|copy of the paper|in the picture|show people|two persons|what was broken",
    re.IGNORECASE,
)


def statement_of(model: type[models.Model]) -> str:
    """What the model's docstring says after ``Personal data:``, as one line; empty where it says nothing."""
    text = inspect.cleandoc(model.__doc__ or "")
    found = re.search(r"^Personal data: (.*?)(?=\n\s*\n|\Z)", text, re.DOTALL | re.MULTILINE)
    return " ".join(found[1].split()) if found else ""


def encrypted_columns(model: type[models.Model]) -> list[str]:
    """Names of the columns kept as ciphertext."""
    return [field.name for field in model._meta.concrete_fields if type(field).__name__ == "EncryptedTextField"]


def level_of(model: type[models.Model]) -> int:
    """1 to 4; raises KeyError for a table of a package that has no place yet, ValueError for one that says nothing."""
    label = model._meta.label
    if not model.__module__.startswith("zhengtong."):
        return OF_PACKAGES[label][0]
    said = statement_of(model)
    if not said:
        raise ValueError(f"{label} says nothing of personal data")
    if label in _CREDENTIALS or _CREDENTIAL.search(said):
        return 4
    if encrypted_columns(model) or _ANYTHING.search(said):
        return 3
    return 1 if said.startswith("none") else 2


def tables() -> list[type[models.Model]]:
    """Every table of the installation, ours first, by app and name."""
    found = [model for model in apps.get_models() if model._meta.managed or model.__module__.startswith("zhengtong.")]
    packages = [model for model in apps.get_models() if model._meta.label in OF_PACKAGES and model not in found]
    return sorted(found + packages, key=lambda m: (not m.__module__.startswith("zhengtong."), m._meta.label))


def rows() -> list[tuple[str, str, str, str]]:
    """Table, level, encrypted columns, what it holds and how long."""
    return [
        (
            f"{model._meta.verbose_name} `{model._meta.label}`",
            str(level_of(model)),
            ", ".join(f"`{name}`" for name in encrypted_columns(model)) or "–",
            statement_of(model) if model.__module__.startswith("zhengtong.") else OF_PACKAGES[model._meta.label][1],
        )
        for model in tables()
    ]
