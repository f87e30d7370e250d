"""Whether the installation works (/healthz) and what it did (/metrics)."""

import os
from typing import Any

import prometheus_client
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import multiprocess

from luoshi.core.problem import Problem
from luoshi.core.words import Words

_LOOPBACK = ("127.0.0.1", "::1")


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and its tables stand, else 503. Says nothing else about the house."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM (SELECT 1 FROM people_county LIMIT 1) AS probe")
            cursor.fetchone()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unavailable"}, status=503)
    response = JsonResponse({"status": "ok", "database": "ok"})
    response["Cache-Control"] = "no-store"
    return response


def metrics(request: HttpRequest) -> HttpResponse:
    """Return the counters as Prometheus reads them, to this machine itself or to the system administrator."""
    page: Any = request
    if not (is_local(request) or page.actor.role == "system_admin"):
        raise Problem(
            "metrics",
            Words(
                "运行指标只对本机和系统管理员开放。", "Metrics are for this machine and the system administrator only."
            ),
            Words(
                "请在服务器上读取，或以系统管理员登录。",
                "Read them on the server, or sign in as the system administrator.",
            ),
            status=403,
        )
    registry = prometheus_client.REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = prometheus_client.CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)
    return HttpResponse(prometheus_client.generate_latest(registry), content_type=prometheus_client.CONTENT_TYPE_LATEST)


def is_local(request: HttpRequest) -> bool:
    """Tell whether the request comes from this machine itself and not through a proxy on it."""
    forwarded = any(name in request.META for name in ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"))
    return request.META.get("REMOTE_ADDR") in _LOOPBACK and not forwarded
