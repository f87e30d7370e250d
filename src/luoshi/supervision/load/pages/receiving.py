"""Files sent with a form, kept one by one under request ids of their own, so that sending twice keeps them once."""

from django.http import HttpRequest

from luoshi.core.outcome import Granted
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.actions import Call
from luoshi.office.evidence import actions as evidence

MOST = 30


def received(request: HttpRequest, call: Call, name: str) -> list[int]:
    """Keep what was uploaded under a field and return the ids; ``Problem`` names the field and the file."""
    sent = request.FILES.getlist(name)
    if len(sent) > MOST:
        raise Problem(
            name,
            Words(f"一次最多上传{MOST}个文件。", f"At most {MOST} files at once."),
            Words("请打包或分次提交。", "Pack them, or send fewer."),
            status=422,
        )
    ids = []
    for n, file in enumerate(sent):
        one = Call(call.actor, call.now, f"{call.request_id}:{n}", call.channel, call.address)
        try:
            result = evidence.receive(one, file.name or "", file.chunks())
        except Problem as problem:
            said = Words(f"“{file.name}”：{problem.words.zh}", f"“{file.name}”: {problem.words.en}")
            raise Problem(name, said, problem.remedy, status=problem.status) from problem
        if not isinstance(result.outcome, Granted):
            reason = result.outcome.reasons[0]
            raise Problem(name, reason.words, reason.remedy or reason.words, status=403)
        ids.append(int(result.values["file"]))
    return ids
