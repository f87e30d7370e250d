"""What the tests of workbooks share."""

from pathlib import Path

import pytest

from luoshi.supervision.workbook import making


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let written workbooks wait in a folder of the test: a number taken back stands for another export next time."""
    monkeypatch.setattr(making, "folder", lambda: tmp_path / "exports")
