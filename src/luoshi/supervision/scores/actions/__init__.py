"""What can be done with scorings: run, run again, publish, open to the public; contest an item, decide the contest."""

from luoshi.supervision.scores.actions.contests import contest, reject, uphold
from luoshi.supervision.scores.actions.publishing import open_to_public, publish, shut
from luoshi.supervision.scores.actions.runs import rerun, run

__all__ = ["contest", "open_to_public", "publish", "reject", "rerun", "run", "shut", "uphold"]
