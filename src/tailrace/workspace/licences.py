"""The licence texts of what the program carries or runs on: gathered beside a packed program, else as installed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from tailrace.assets import asset, licences_folder, resources

_TEXT = re.compile(r"licen[cs]e|copying|notice|copyright", re.I)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ROW = re.compile(r"^(\S+) +(\S*) +(\S.*)$", re.M)
_OVERVIEW = "README.txt"
_LONGEST_NAME = 100  # some distributions put the whole text where its name belongs
_OURS = (
    ("Inter", "OFL-1.1", "fonts/Inter-LICENSE.txt"),
    ("JetBrains Mono", "Apache-2.0", "fonts/JetBrainsMono-LICENSE.txt"),
    ("Lucide", "ISC", "icons/LICENSE.txt"),
    ("LiteLLM’s prices", "MIT", "prices/LICENSE.litellm.txt"),
)


@dataclass(frozen=True, slots=True)
class Licence:
    """What one component is under. `short` names the licence in a few words, "" where that is not known."""

    component: str
    version: str
    short: str
    text: str


def carried_licences() -> tuple[Licence, ...]:
    """One a component, Tailrace's own first. Reads dozens of files, so never on the Qt thread."""
    folder = licences_folder()
    return tuple(_gathered(folder) if folder is not None else _installed())


def _gathered(folder: Path) -> Iterator[Licence]:
    """A folder a component, and an overview with a row each: name, version, licence."""
    overview = _read(folder / _OVERVIEW)
    rows = {name: (version, short) for name, version, short in _ROW.findall(overview)}
    components = sorted(path for path in folder.iterdir() if path.is_dir())
    components.sort(key=lambda path: path.name != "tailrace")
    if overview:
        yield Licence("About these licences", "", "", overview)
    for component in components:
        version, short = rows.get(component.name, ("", ""))
        files = sorted(path for path in component.rglob("*") if path.is_file())
        yield Licence(component.name, version, short, _joined(files, component))


def _installed() -> Iterator[Licence]:
    packed = resources().parent / "LICENSE"  # of a checkout; a wheel's is listed in its metadata
    found = list(_distributions())
    own = next((item for item in found if item.name == "tailrace"), None)
    text = _read(packed) or (_texts_of(own) if own is not None else "")
    yield Licence("Tailrace", "", "MIT", text)
    for item in found:
        if item is not own:
            yield Licence(item.name, item.version, _short(item), _texts_of(item) or _nothing(item))
    for component, short, path in _OURS:
        yield Licence(component, "", short, _read(asset(*path.split("/"))))


def _distributions() -> Iterator[Distribution]:
    """Tailrace's own and all that it needs to run, as far as installed, by name."""
    found: dict[str, Distribution] = {}
    waiting = ["tailrace"]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = item = distribution(name)
        except PackageNotFoundError:  # needed on other systems only
            continue
        for line in item.requires or ():
            wanted, _, marker = line.partition(";")
            if "extra" not in marker and (match := _NAME.match(wanted)) is not None:
                waiting.append(match[0])
    return iter(found[name] for name in sorted(found))


def _texts_of(item: Distribution) -> str:
    listed = item.files or ()
    texts = [file for file in listed if ".dist-info" in file.parts[0] and _TEXT.search(file.name)]
    return "\n\n".join(filter(None, (_read(Path(str(file.locate()))) for file in texts)))


def _short(item: Distribution) -> str:
    said = item.metadata["License-Expression"] or item.metadata["License"] or ""
    classified = [text.rpartition(" :: ")[2] for text in item.metadata.get_all("Classifier") or () if "License" in text]
    lines = said.strip().splitlines()
    return lines[0][:_LONGEST_NAME] if lines else ", ".join(classified)


def _nothing(item: Distribution) -> str:
    said = f"It says of itself: {_short(item)}." if _short(item) else ""
    return f"{item.name} {item.version} brings no licence text in its package. {said}".strip()


def _joined(files: list[Path], folder: Path) -> str:
    if len(files) == 1:
        return _read(files[0])
    return "\n\n".join(f"── {path.relative_to(folder).as_posix()} ──\n\n{_read(path)}" for path in files)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\n")
    except OSError:
        return ""
