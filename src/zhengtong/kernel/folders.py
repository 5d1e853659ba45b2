"""Names that outlive a power cut: a file moved into place is there for good only when its folder was written."""

import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Have the names in a folder reach the disk: what the database says of a file must not outlive the file."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def made(folder: Path) -> Path:
    """The folder, made with those above it where it was not there, each name for good."""
    if not folder.is_dir():
        made(folder.parent)
        folder.mkdir(exist_ok=True)
        settle(folder.parent)
    return folder
