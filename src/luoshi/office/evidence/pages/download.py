"""A kept file, to whoever may read it: checked against its digest, with headers that let nothing run."""

from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.office.access import Actor
from luoshi.office.evidence import attach, intake
from luoshi.office.evidence.models import StoredFile

SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/webp"})


@require_safe
def file(request: HttpRequest, file_id: int) -> FileResponse:
    """Hand one file out; 404 for a file that is not there and for one that may not be read alike."""
    page: Any = request
    actor: Actor = page.actor
    row = StoredFile.objects.filter(pk=file_id, county_id=actor.county_id).first()
    if row is None or not attach.may_read(actor, row):
        raise Http404
    store = intake.store()
    if not store.intact(row.digest):
        raise Problem(
            row.name,
            Words(
                "存储的文件缺失或与登记的校验值不符，不能提供。",
                "The stored file is missing or no longer has its digest.",
            ),
            Words("请系统管理员从备份恢复。", "Ask the system administrator to restore it from a backup."),
            status=410,
        )
    inline = row.media_type in SHOWN_IN_PLACE and request.GET.get("show") == "1"
    answer = FileResponse(store.path(row.digest).open("rb"), content_type=row.media_type)
    answer["Content-Length"] = str(row.size)
    answer["Content-Disposition"] = (
        f"{'inline' if inline else 'attachment'}; filename=\"file-{row.pk}\"; filename*=UTF-8''{quote(row.name)}"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
