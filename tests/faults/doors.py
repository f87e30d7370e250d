"""Every page and every form under hostile values, as several people: an answer below 500 each time."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

import luoshi
from luoshi.office import door, present
from luoshi.office.people.acting import POST_KEY
from luoshi.supervision.models import Assignment
from tests.faults import together, work
from tests.supervision.small_county import NOW, Small

SEATS = (
    "", "market.officer", "office.supervisor", "office.editor", "office.disclosure_officer", "office.system_admin",
    "office.security_admin", "office.audit_admin", "village-a1.village_clerk",
)  # fmt: skip
QUERIES = (
    "a\x00b", "9" * 30, "-1", "0", "字" * 2000, "2023-13-45", "0001-01-01", "9999-12-31", "😀\u202e", "' OR 1=1 --", "\"", "%", "*",
    "NaN", "1e400", "../..", "a" * 5000,
)  # fmt: skip
TYPED = ("a\x00b", "9" * 30, "-1", "字" * 200_000, "0001-01-01", "9999-12-31", "😀\u202e\x1b[0m", "2023-02-30", "")
ANSWERED = 500


class _Forms(HTMLParser):
    """The forms of a page: where they go and what they are called."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        if tag == "form" and said.get("method", "").lower() == "post":
            self.found.append((said.get("action", ""), {}))
        elif tag in ("input", "textarea", "select", "button") and said.get("name") and self.found:
            self.found[-1][1][said["name"]] = "file" if said.get("type") == "file" else said.get("value", "")


class Walk:
    """One walk through all addresses, noting each fault with its place."""

    def __init__(self, small: Small) -> None:
        self.small = small
        self.asked = 0
        self.faults: list[str] = []
        self.kinds: dict[int, int] = {}
        self._why = ""
        got_request_exception.connect(self._note)

    def _note(self, **_: Any) -> None:
        import sys
        import traceback

        kind, fault, trace = sys.exc_info()
        ours = [f for f in traceback.extract_tb(trace) if "luoshi" in f.filename]
        place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
        self._why = f"{kind.__name__ if kind else ''}: {str(fault)[:100]} at {place}"

    def ask(self, client: Client, method: str, address: str, given: dict[str, Any], seat: str) -> Any:
        """Send one request and note what came."""
        self.asked, self._why = self.asked + 1, ""
        answer = getattr(client, method)(address, given)
        self.kinds[answer.status_code] = self.kinds.get(answer.status_code, 0) + 1
        if answer.status_code >= ANSWERED:
            what = {k: ascii(v)[:20] for k, v in given.items()}
            self.faults.append(f"{method} {address} {what} as {seat or 'public'}: {answer.status_code} {self._why}")
        return answer


def walk(seats: list[str] | None = None) -> dict[str, Any]:
    """Walk as each person and return the faults."""
    about = together.reported("doors")
    small = work.found("doors")
    present.now = lambda: NOW  # type: ignore[assignment]
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_PROXY_SSL_HEADER = None
    settings.LUOSHI_ANONYMOUS_POSTS_PER_MINUTE = 10**9
    done = Walk(small)
    names = _query_names()
    addresses = _addresses(small, about)
    for seat in seats if seats is not None else SEATS:
        client = _client(small, seat)
        for address in addresses:
            page = done.ask(client, "get", address, {}, seat)
            for value in QUERIES:
                done.ask(client, "get", address, dict.fromkeys(names, value), seat)
            _send_forms(done, client, address, page, seat)
    return {
        "asked": done.asked,
        "faults": sorted({_place(f): f for f in done.faults}.values()),
        "count": len(done.faults),
        "statuses": done.kinds,
    }


def _place(fault: str) -> str:
    return fault.rsplit(" at ", 1)[-1]


def _send_forms(done: Walk, client: Client, address: str, page: Any, seat: str) -> None:
    if page.status_code != 200 or "html" not in page.headers.get("Content-Type", ""):
        return
    forms = _Forms()
    forms.feed(page.content.decode())
    for action, fields in forms.found:
        if "sign-out" in action or "act-as" in action:
            continue
        for value in TYPED:
            given: dict[str, Any] = {n: value for n, kind in fields.items() if kind != "file"}
            done.ask(client, "post", action or address, given, seat)
            # Once more with everything hidden as it was, so that the typed fields are reached.
            kept = {n: fields[n] if n in ("request_id", "csrfmiddlewaretoken") else v for n, v in given.items()}
            files = {
                n: SimpleUploadedFile("a\x00b.jpg", value.encode()[:100]) for n, k in fields.items() if k == "file"
            }
            done.ask(client, "post", action or address, {**kept, **files}, seat)


def _client(small: Small, seat: str) -> Client:
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1", secure=True)  # type: ignore[arg-type]
    client.defaults["wsgi.url_scheme"] = "https"
    if seat:
        held = small.seats[seat]
        with door.opened("fixture"):
            account = held.account
            account.password_changed_at = account.second_factor_confirmed_at = timezone.now()
            account.save()
            client.force_login(account)
        session = client.session
        session[POST_KEY] = held.post_id
        session.save()
    return client


def _query_names() -> list[str]:
    """Return every name the source reads out of an address."""
    found: set[str] = set()
    for path in Path(luoshi.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r"""(?:GET\.get\(|GET\[|whole\(|number\(request, |query\.get\()["'](\w+)["']""", text))
    return sorted(found)


def _addresses(small: Small, about: dict[str, int]) -> list[str]:
    share = Assignment.objects.get(pk=about["share"])
    samples = {
        "unit_id": small.units["market"].pk, "task_id": share.task_id, "duty_id": share.duty_id, "assignment_id": share.pk,
        "report_id": about["report"], "account_id": small.seats["market.officer"].account_id, "verb": "report_progress",
        "appointment_id": small.seats["market.officer"].pk, "entry_id": 1, "clause_id": "FOOD-0d", "kind": "xlsx",
        "code": "x", "name": "disable", "year": 2023, "number": 2, "clausepath": "一", "reading_id": "x",
    }  # fmt: skip
    found = []
    for route in _routes(get_resolver().url_patterns):
        if route.startswith(("api/", "static", "metrics", "healthz")) or "sign-out" in route:
            continue
        for huge in (False, True):
            made = re.sub(
                r"<(?:(\w+):)?(\w+)>",
                lambda m, h=huge: "9" * 25 if h and m[1] == "int" else "a" * 300 if h else str(samples.get(m[2], 1)),
                route,
            )
            found.append(f"/{made}")
    return list(dict.fromkeys(found))


def _routes(patterns: Any, before: str = "") -> list[str]:
    found = []
    for one in patterns:
        path = f"{before}{one.pattern}"
        found += [path] if isinstance(one, URLPattern) else _routes(one.url_patterns, path)
    return found
