"""A process that has everything loaded and forks a child for each call it reads, so that a test can kill it.

One JSON line in: ``{"id", "call": "module:function", "given": {…}}``; one line out: ``{"id", "pid"}``. The child leaves
its answer in ``$LUOSHI_HOME/answers/<id>.json``, written beside and renamed, so that a killed child leaves none.
"""

import importlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any


def main() -> None:
    """Serve until standard input ends."""
    from luoshi.office import django_setup

    django_setup.start()
    from django.db import connection
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - loads pages, API and every action
    assert connection.connection is None, "no connection may cross the fork"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _child(asked)
        print(json.dumps({"id": asked["id"], "pid": pid}), flush=True)


def _child(asked: dict[str, Any]) -> None:
    os.dup2(2, 1)
    os.close(0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        module, _, name = asked["call"].partition(":")
        answer = {"value": getattr(importlib.import_module(module), name)(**asked["given"])}
    except BaseException as fault:
        answer = {"fault": type(fault).__name__, "words": str(fault), "trace": traceback.format_exc()}
        for name in ("place", "status"):
            if hasattr(fault, name):
                answer[name] = getattr(fault, name)
    folder = Path(os.environ["LUOSHI_HOME"]) / "answers"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{asked['id']}.part"
    part.write_text(json.dumps(answer, ensure_ascii=False, default=str), "utf-8")
    part.replace(folder / f"{asked['id']}.json")
    os._exit(0)


if __name__ == "__main__":
    main()
