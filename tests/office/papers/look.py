"""Papers as pictures and text, for tests: what a reader would see."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

needs_pictures = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm (poppler) is not installed")
needs_office = pytest.mark.skipif(
    not (shutil.which("libreoffice") and shutil.which("pdftoppm")), reason="LibreOffice or poppler is not installed"
)
DPI = 72


def pages(pdf: bytes, folder: Path) -> list[Image.Image]:
    """Return each page as a grey picture at 72 dpi: one pixel a point."""
    source = folder / "paper.pdf"
    source.write_bytes(pdf)
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), "-png", str(source), str(folder / "page")], check=True, capture_output=True
    )
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page-*.png"))]


def office_pdf(docx: bytes, folder: Path) -> bytes:
    """Return the docx as LibreOffice prints it."""
    source = folder / "paper.docx"
    source.write_bytes(docx)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["libreoffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "paper.pdf").read_bytes()


def text(pdf: bytes) -> str:
    """Return the text of all pages without blanks and line ends."""
    reader = PdfReader(io.BytesIO(pdf))
    return "".join("".join((page.extract_text() or "").split()) for page in reader.pages)


def ink(picture: Image.Image, top_mm: float, bottom_mm: float) -> tuple[float, float, float, float] | None:
    """Return left, top, right, bottom in mm of what is printed between two heights of the page."""
    scale = DPI / 25.4
    strip = picture.convert("L").crop((0, round(top_mm * scale), picture.width, round(bottom_mm * scale)))
    box = strip.point(lambda grey: 255 if grey < 160 else 0).getbbox()
    if box is None:
        return None
    left, top, right, bottom = (side / scale for side in box)
    return left, top + top_mm, right, bottom + top_mm


def rows_of_ink(picture: Image.Image, left_mm: float, right_mm: float, top_mm: float, bottom_mm: float) -> int:
    """Return how many separate lines are printed in a region."""
    scale = DPI / 25.4
    region = picture.convert("L").crop(tuple(round(side * scale) for side in (left_mm, top_mm, right_mm, bottom_mm)))
    inked = [region.crop((0, y, region.width, y + 1)).getextrema()[0] < 160 for y in range(region.height)]
    return sum(now and not before for now, before in zip(inked, [False, *inked[:-1]], strict=True))
