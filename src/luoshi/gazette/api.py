"""What the API gives out of the gazette; its actions stand in the API by being declared."""

from luoshi.gazette.models import Proposal
from luoshi.gazette.readables import PROPOSAL
from luoshi.office.resources import Resource

RESOURCES = (
    Resource(
        "proposals", PROPOSAL, lambda: Proposal.objects.all(),
        ("name", "digest", "state", "received_on", "confirmed_on"), {"state": "state"},
    ),
)  # fmt: skip
