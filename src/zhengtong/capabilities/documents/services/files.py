"""Names of the files in which papers are handed out."""

from zhengtong.capabilities.documents.models import Document
from zhengtong.kernel.uploads import clean_name


def file_name(row: Document, ending: str) -> str:
    """Title and number with the ending, without characters that a file system refuses."""
    return clean_name(f"{row.title[:60]}（{row.number[:40]}）.{ending}".replace("/", "-"))
