"""The steps taken over a share, with their papers, on the page of its duty."""

from typing import Any

from django import template
from django.template import Context

from luoshi.office.access import Actor
from luoshi.office.duties.models import Duty
from luoshi.office.people.acting import call_of
from luoshi.supervision.load.pages import presses
from luoshi.supervision.load.readables import PRESS

register = template.Library()


@register.inclusion_tag("load/steps_taken.html", takes_context=True)
def steps_taken(context: Context, duty: Duty) -> dict[str, Any]:
    """Show the steps of pressing over a duty's share that the reader may see, and the way to all of them."""
    request: Any = context["request"]
    actor: Actor = request.actor
    if duty.subject_kind != "assignment" or actor.role not in PRESS.grants:
        return {"taken": []}
    rows = PRESS.visible(actor, presses.ROWS).filter(assignment_id=int(duty.subject_id))
    return {"taken": presses.taken_seen(call_of(request, "look"), rows)}
