"""What somebody wrote, as it is kept: whole or not at all, never cut short."""

from django.utils.translation import gettext as _

from zhengtong.kernel.errors import Invalid


def whole_text(text: str, most: int, *, label: str, field: str = "") -> str:
    """The text as it is kept, its line breaks counted as the browser counts them; Invalid for more than ``most`` signs.

    Cut short it would say something else than its author, and he would not know.
    """
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(kept) > most:
        words = {"label": label, "most": most, "count": len(kept)}
        raise Invalid(_("%(label)s最多 %(most)d 个字，现在有 %(count)d 个字，请精简。") % words, field=field)
    return kept
