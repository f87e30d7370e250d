"""What /metrics shows: requests, outcomes of actions, ticks. Counts of work done by the machine, never of people."""

from django.http import HttpRequest
from prometheus_client import Counter, Histogram

REQUESTS = Counter("luoshi_requests_total", "Requests answered", ["route", "status"])
SECONDS = Histogram(
    "luoshi_request_seconds", "Time to answer", ["route"], buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5)
)


def observe(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one answered request under its route name, so that ids do not become label values."""
    match = request.resolver_match
    route = (match.view_name or match.route) if match else "unmatched"
    REQUESTS.labels(route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
