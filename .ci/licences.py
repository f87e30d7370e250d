"""Every package the product installs has a licence that goes with Apache-2.0; the run's list is what is checked."""

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|Python Software Foundation|PSF|Zlib|Unlicense|HPND|MPL|CMU|0BSD|CC0|Public Domain|OFL", re.I
)
FORBIDDEN = re.compile(r"\bA?GPL|GNU (Affero )?General Public", re.I)
# Packages whose own metadata name no licence, read by a person in their source.
READ = {"python-stdnum": "LGPL-2.1+, used unchanged as a library"}


def licence_of(name: str) -> str:
    """Return what a distribution says of its licence."""
    meta = metadata.metadata(name)
    classifiers = [c for c in meta.get_all("Classifier", []) if c.startswith("License")]
    return " | ".join(filter(None, [meta.get("License-Expression"), *classifiers, (meta.get("License") or "")[:80]]))


def main() -> int:
    """Print what does not fit and return 1 if anything does not."""
    names = re.findall(r"^([A-Za-z0-9_.\-]+)==", (ROOT / "requirements/run.txt").read_text("utf-8"), re.M)
    bad = []
    for name in names:
        said = licence_of(name)
        lesser = re.search(r"LGPL|Lesser", said)
        if (FORBIDDEN.search(said) and not lesser) or not (ALLOWED.search(said) or lesser or name in READ):
            bad.append(f"{name}: {said or 'no licence named'}")
    print(f"{len(names)} packages, {len(bad)} with an unfit licence")
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
