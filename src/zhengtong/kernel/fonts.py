"""Where the fonts of typeset documents lie: the county's own first, then those of npm, then Debian's."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[3]


def font_paths() -> list[Path]:
    """Existing folders with fonts, most wanted first: ``ZHENGTONG_FONT_DIR`` (several joined by ``:``), npm, Debian."""
    own = [Path(part) for part in os.environ.get("ZHENGTONG_FONT_DIR", "").split(os.pathsep) if part]
    packages = _ROOT / "node_modules" / "@expo-google-fonts"
    known = [*own, packages / "noto-serif-sc", packages / "noto-sans-sc", Path("/usr/share/fonts/opentype/noto")]
    return [path for path in known if path.is_dir()]
