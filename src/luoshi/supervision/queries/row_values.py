"""``(a, b) > (x, y)`` as one comparison, by which both databases enter an index exactly at the key.

Django writes it so on PostgreSQL only; SQLite understands it as well.
"""

from typing import Any

from django.db.models import BooleanField, F, Func, Value


class RowCompared(Func):
    """Compare columns with a key as row values; ``sign`` is ``>`` or ``<``."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: tuple[str, ...], sign: str, key: tuple[Any, ...]) -> None:
        assert sign in ("<", ">"), sign
        assert len(columns) == len(key), "one value a column"
        super().__init__(*map(F, columns), *map(Value, key))
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the comparison and its parameters."""
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        return f"({left}) {self.sign} ({right})", [p for _, params in parts for p in params]
