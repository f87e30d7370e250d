"""How the server starts: nothing is imported beside the fork of its workers."""

import os
import subprocess
import sys

LOOK = """
import sys, threading
import django
django.setup()
from granian import server
from luoshi.site import commands
class Held(server.Server):
    def __init__(self, *args, **given): pass
    def serve(self): pass
server.Server = Held
before = set()
start = threading.Thread.start
def started(thread):
    before.update(sys.modules)
    start(thread)
threading.Thread.start = started
commands.TICK_EVERY_SECONDS = 0.01
commands.serve("127.0.0.1", 1, 1)
print(sorted({"luoshi.office.rounds", "luoshi.office.journal.seals", "luoshi.office.notices.outbox"} - before))
"""


def test_what_the_tick_needs_is_there_before_its_thread_and_the_forks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "luoshi.site.settings_test"},
    )
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
