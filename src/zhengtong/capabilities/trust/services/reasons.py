"""The reason somebody gives for what is done with a seal or a certificate."""

from typing import Final

from django.utils.translation import gettext as _

from zhengtong.kernel.errors import Invalid

_LONGEST: Final = 200


def checked_reason(text: str, missing: str) -> str:
    """The reason as it is kept; Invalid with the sentence ``missing`` without one, and for more than 200 characters.

    Cut short it would say something else than its author.
    """
    reason = text.replace("\r\n", "\n").strip()
    if not reason:
        raise Invalid(missing, field="reason")
    if len(reason) > _LONGEST:
        raise Invalid(_("理由最多 %(most)d 个字，请精简。") % {"most": _LONGEST}, field="reason")
    return reason
