"""Every route of the OpenAPI document under generated requests: no fault of ours, no answer outside the document."""

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings

from luoshi.site.wsgi import application
from tests.api.conftest import SmallCounty, make_county
from tests.api.test_api import share_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cookies(transactional_db: None, client_of: object) -> dict[str, str]:
    """The session of a supervisor in a county with work in it."""
    small: SmallCounty = make_county("small")
    share_of(small, "market")
    client: Client = client_of(small, "supervisor")  # type: ignore[operator]
    client.get("/")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def test_no_generated_request_meets_a_fault(cookies: dict[str, str]) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    headers = {"X-CSRFToken": cookies.get("csrftoken", "")}
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            answer = case.call(cookies=cookies, headers=headers)
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text[:500]}"
            asked += 1

        ask()
    assert asked > 100
