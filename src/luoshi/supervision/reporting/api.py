"""What the API gives of forms; the acts on them stand in the API by being declared."""

from luoshi.office.resources import Resource
from luoshi.supervision.reporting.models import Filing
from luoshi.supervision.reporting.readables import FILING

RESOURCES = (
    Resource(
        "filings", FILING, lambda: Filing.objects.select_related("round", "unit", "recipient"),
        ("round.form", "round.from_on", "round.to_on", "round.due_on", "unit.code", "recipient.code", "state",
         "version", "submitted_on", "received_on", "cells_required", "cells_computed", "cells_kept", "cells_asked",
         "cells_corrected"),
        {"form": "round__form", "unit": "unit__code", "state": "state", "to_on": "round__to_on"},
    ),
)  # fmt: skip
