"""What is inside the packed program, for those who have to know: `python packaging/bom.py`.

Writes dist/tailrace-VERSION-SYSTEM-ARCHITECTURE.cdx.json, CycloneDX 1.6. With SOURCE_DATE_EPOCH the same program gives
the same bytes. `python packaging/bom.py --validate FILE…` checks against the published schema; it needs
cyclonedx-python-lib[json-validation].
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.exception import MissingOptionalDependencyException
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

if TYPE_CHECKING:
    from parts import Part

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = ROOT / "dist/tailrace"
_SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}


def target(number: str) -> Path:
    """Where it goes. The system is in the name, because what travels differs by it."""
    return ROOT / f"dist/tailrace-{number}-{_SYSTEMS[sys.platform]}-{platform.machine().lower()}.cdx.json"


def document(parts: list[Part], moment: datetime) -> str:
    """The parts as CycloneDX, the first of them as what it is about. The serial number follows from all the rest."""
    components = [component(part) for part in parts]
    bom = Bom(components=components[1:], serial_number=UUID(int=0))
    bom.metadata.component, bom.metadata.timestamp = components[0], moment
    bom.metadata.tools.components.add(this_component())
    by_name = {part.name: made for part, made in zip(parts, components, strict=True)}
    for part in parts:
        bom.register_dependency(by_name[part.name], [by_name[name] for name in sorted(set(part.needs))])
    bom.serial_number = uuid5(NAMESPACE_OID, JsonV1Dot6(bom).output_as_string())
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def component(part: Part) -> Component:
    """One part, with the parts and files in it."""
    inner = [*map(component, part.inside), *_files(part)]
    return Component(
        name=part.name,
        version=part.version or None,
        type=ComponentType(part.kind),
        bom_ref=f"{part.name}@{part.version}".rstrip("@"),
        licenses=[LicenseFactory().make_from_string(part.licence)] if part.licence else None,
        purl=PackageURL.from_string(part.purl) if part.purl else None,
        cpe=part.cpe or None,
        properties=[Property(name="tailrace:record-sha256", value=part.record)] if part.record else None,
        components=inner,
    )


def _files(part: Part) -> Iterator[Component]:
    for name, digest in part.files.items():
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest)]
        yield Component(name=name, type=ComponentType.FILE, bom_ref=f"file:{name}", hashes=hashes)


def faults(text: str) -> str | None:
    """What the published schema has against a document, in one line; None when nothing. Raises
    MissingOptionalDependencyException without cyclonedx-python-lib's extra for it."""
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return None if found is None else str(found).partition("\n")[0]


def main() -> None:
    """Say what is in dist/tailrace, and check what was said where that is possible."""
    from parts import parts_of

    if not BUNDLE.is_dir():
        sys.exit(f"{BUNDLE} is missing; run `python packaging/build.py freeze` first.")
    told = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(told), UTC) if told else datetime.now(UTC).replace(microsecond=0)
    parts = parts_of(BUNDLE)
    text = document(parts, moment)
    try:
        checked = faults(text) or "valid by the schema of CycloneDX 1.6"
    except MissingOptionalDependencyException:
        checked = "not checked against the schema (that needs cyclonedx-python-lib[json-validation])"
    path = target(parts[0].version)
    path.write_text(text, encoding="utf-8")
    print(f"{path.name}: {len(parts)} parts, {sum(len(part.files) for part in parts)} files, {checked}")


def validate(paths: list[Path]) -> None:
    """Check documents; ends with what is wrong with the first that is wrong."""
    for path in paths:
        if (found := faults(path.read_text(encoding="utf-8"))) is not None:
            sys.exit(f"{path.name}: {found}")
        print(f"{path.name} is valid")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--validate"]:
        validate([Path(name) for name in sys.argv[2:]])
    else:
        main()
