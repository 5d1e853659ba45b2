"""What names the person who wrote, and any text without it."""

from zhengtong.systems.complaints.constants import About
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.rules.redaction import known_words, names_person, redact, surnames_of


def secrets_of(row: Complaint) -> list[str]:
    """Everything known that would name who wrote; the number of his own case, too."""
    others = [row.represents]
    if row.about in (About.APPLICATION, About.RATING):
        others.append(row.subject_number)
    return known_words(
        name=row.name, phone=row.phone, citizen_number=row.citizen_number, address=row.address, others=others
    )


def unnamed(row: Complaint, text: str) -> str:
    """The text as the handling unit may read it: for a protected person without what names him."""
    return redact(text, secrets_of(row), surnames=_surnames(row)) if row.hidden and text else text


def tells_who(row: Complaint, text: str) -> bool:
    """Whether a text would name a protected person."""
    return row.hidden and names_person(text, secrets_of(row), surnames=_surnames(row))


def tells_anybody(row: Complaint, text: str) -> bool:
    """Whether a text meant for everybody would name the person, protected or not."""
    return names_person(text, secrets_of(row), surnames=_surnames(row))


def _surnames(row: Complaint) -> tuple[str, ...]:
    """Forms of address give away only who is called so; a company is called by its whole name."""
    return surnames_of(row.name)
