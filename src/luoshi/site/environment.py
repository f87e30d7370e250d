"""What the environment says about this installation, read once when settings load.

Variables: ``LUOSHI_HOME`` data folder (default ``./var``), ``LUOSHI_DATABASE_URL`` (default SQLite in the
folder), ``LUOSHI_SECRET_KEY``, ``LUOSHI_DATA_KEY`` (32 bytes, base64), ``LUOSHI_DEMO`` (``1`` in demo mode),
``LUOSHI_AS_OF`` (demo only: the day the county lives in), ``LUOSHI_ALLOWED_HOSTS`` (comma separated),
``LUOSHI_TRUSTED_PROXIES`` (addresses or networks of our own proxies, comma separated).
"""

import base64
import json
import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from luoshi.core.problem import Problem
from luoshi.core.words import Words


def home() -> Path:
    """Return the data folder; it is made on first use by ``luoshi up``."""
    return Path(os.environ.get("LUOSHI_HOME", "var")).resolve()


def is_demo() -> bool:
    """Tell whether this is the generated demo county: said by ``LUOSHI_DEMO``, else by the data folder itself."""
    said = os.environ.get("LUOSHI_DEMO", "")
    return said == "1" or (not said and _demo_file().exists())


def _demo_file() -> Path:
    return home() / "demo.json"


def demo() -> dict[str, str]:
    """Return the demo's own secrets and its day, made once per data folder and readable by its owner only."""
    path = _demo_file()
    if path.exists():
        return json.loads(path.read_text("utf-8"))
    made = {
        "LUOSHI_SECRET_KEY": secrets.token_urlsafe(48),
        "LUOSHI_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    _write_demo(made)
    return made


def remember_day(as_of: str) -> None:
    """Keep the day the demo county lives in, so that every later command lives in it too."""
    _write_demo({**demo(), "LUOSHI_AS_OF": as_of})


def _write_demo(made: dict[str, str]) -> None:
    path = _demo_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(made), "utf-8")
    part.replace(path)


def secret(name: str) -> str:
    """Return a secret of the environment; outside demo mode a missing one stops the start."""
    value = os.environ.get(name, "")
    if value:
        return value
    if is_demo():
        return demo()[name]
    raise Problem(
        name,
        Words("缺少密钥，系统不能启动。", "This secret is missing; the system does not start."),
        Words(
            f"请设置环境变量 {name}，或用 luoshi up --demo 运行演示县。",
            f"Set the environment variable {name}, or run the demo county with luoshi up --demo.",
        ),
    )


def data_key() -> bytes:
    """Return the 32 bytes that encrypt personal data."""
    raw = secret("LUOSHI_DATA_KEY")
    try:
        key = base64.b64decode(raw, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise Problem(
            "LUOSHI_DATA_KEY",
            Words("不是 32 字节的 base64。", "It is not 32 bytes in base64."),
            Words("请用 openssl rand -base64 32 生成。", "Make one with: openssl rand -base64 32"),
        )
    return key


def database() -> dict[str, Any]:
    """Return Django's setting for the default database."""
    url = os.environ.get("LUOSHI_DATABASE_URL", "")
    if not url:
        return sqlite(str(home() / "luoshi.sqlite3"))
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError as fault:
        raise Problem(
            "LUOSHI_DATABASE_URL",
            Words("端口不是数字。", "The port is no number."),
            Words("请写成 postgresql://用户@主机:5432/库名。", "Write it like postgresql://user@host:5432/name."),
        ) from fault
    if parts.scheme == "sqlite":
        return sqlite(unquote(parts.path.removeprefix("/")) or ":memory:")
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": port,
            "CONN_MAX_AGE": 300,
            "CONN_HEALTH_CHECKS": True,
            # Bound and prepared by the server: planning the same joins again was a third of an action's time.
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3},
        }
    raise Problem(
        "LUOSHI_DATABASE_URL",
        Words(f"不认识的数据库类型“{parts.scheme}”。", f"Unknown kind of database {parts.scheme!r}."),
        Words(
            "请写 sqlite:////路径 或 postgresql://用户@主机/库名。",
            "Write sqlite:////path or postgresql://user@host/name.",
        ),
    )


def sqlite(path: str) -> dict[str, Any]:
    """Return the embedded database: WAL, immediate transactions, every commit on disk before it is acknowledged."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
            ),
        },
    }


def allowed_hosts() -> list[str]:
    """Return the host names this installation answers to; loopback only unless configured."""
    names = os.environ.get("LUOSHI_ALLOWED_HOSTS", "")
    return [n.strip() for n in names.split(",") if n.strip()] or ["127.0.0.1", "localhost", "[::1]"]


def trusted_proxies() -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the networks of our own proxies, whose ``X-Forwarded-For`` is believed; none unless configured."""
    names = os.environ.get("LUOSHI_TRUSTED_PROXIES", "")
    try:
        return tuple(ip_network(n.strip(), strict=False) for n in names.split(",") if n.strip())
    except ValueError as fault:
        raise Problem(
            "LUOSHI_TRUSTED_PROXIES",
            Words("不是地址或网段。", "These are not addresses or networks."),
            Words("请写成 10.0.0.5,10.1.0.0/16 的形式。", "Write them like 10.0.0.5,10.1.0.0/16."),
        ) from fault
