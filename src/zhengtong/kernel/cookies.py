"""Names of cookies of our own, as safe as the way they travel."""

from django.conf import settings


def host_cookie(name: str) -> str:
    """The name under which a cookie travels: with ``__Host-`` where the site is reached over HTTPS.

    A browser takes such a cookie only when it is secure, for the path ``/`` and set by this very host.
    """
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name
