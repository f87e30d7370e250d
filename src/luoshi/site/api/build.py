"""Building the API from what is declared: one POST per action, one list and one record route per resource."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import File, Header, NinjaAPI, Query, Status, UploadedFile
from ninja.errors import AuthenticationError, ValidationError
from ninja.errors import HttpError as NinjaHttpError
from ninja.utils import check_csrf

from luoshi import __version__
from luoshi.core.outcome import Granted, Needs
from luoshi.core.problem import Problem
from luoshi.core.words import Words
from luoshi.gazette import api as gazette_api
from luoshi.office import declared
from luoshi.office.actions import ACTIONS, COUNTY_ZONE, Action, Result
from luoshi.office.evidence import actions as evidence_actions
from luoshi.office.people import acting
from luoshi.office.people import api as people_api
from luoshi.office.people.own_account import OWN
from luoshi.office.resources import PAGE, PAGE_LIMIT, Resource
from luoshi.site.api.answers import ActionOut, PageOut, ProblemOut
from luoshi.site.middleware import problem_json
from luoshi.supervision import api as supervision_api

RESOURCES: tuple[Resource, ...] = supervision_api.RESOURCES + gazette_api.RESOURCES + people_api.RESOURCES
FAULTS = {400: ProblemOut, 401: ProblemOut, 403: ProblemOut, 404: ProblemOut, 409: ProblemOut, 413: ProblemOut,
          422: ProblemOut, 429: ProblemOut, 503: ProblemOut, 507: ProblemOut}  # fmt: skip


_FILE = File(...)


def signed_in(request: HttpRequest) -> Any:
    """Let a signed-in account with a post through; a cookie alone must bring its CSRF token to change anything."""
    if not request.user.is_authenticated or request.acting is None:  # type: ignore[attr-defined]
        return None
    return _with_token(request)


def anybody(request: HttpRequest) -> Any:
    """Let everybody through; who is signed in must still bring the CSRF token."""
    return _with_token(request) if request.user.is_authenticated else "public"


def _with_token(request: HttpRequest) -> Any:
    if getattr(request, "bearer", False):  # no browser sends this on its own
        return request.user
    if request.method not in ("GET", "HEAD", "OPTIONS") and check_csrf(request) is not None:
        raise Problem(
            "X-CSRFToken",
            Words("缺少或不符的页面令牌。", "The CSRF token is missing or wrong."),
            Words("请带上 csrftoken 的值重新提交。", "Send the value of the csrftoken cookie in X-CSRFToken."),
            status=403,
        )
    return request.user


def make_api() -> NinjaAPI:
    """Return the whole API."""
    declared.load_all()
    api = NinjaAPI(
        title="落实 Luoshi", version=__version__, docs_url=None, urls_namespace="api",
        description="每一项页面操作都可由接口办理；同一 Idempotency-Key 只办一次。"
        " Everything a page can do; one Idempotency-Key acts once.",
    )  # fmt: skip
    _answer_faults(api)
    for act in sorted(ACTIONS.values(), key=lambda a: a.name):
        if set(act.grants) != {"system"}:
            _add_action(api, act)
    for resource in RESOURCES:
        _add_resource(api, resource)
    _add_upload(api)
    return api


def _add_upload(api: NinjaAPI) -> None:
    def upload(
        request: HttpRequest, file: UploadedFile = _FILE, idempotency_key: str = Header(None, max_length=80)
    ) -> Any:
        """Take one file in and keep it under its digest; ``values.file`` is the id that reports name as evidence."""
        call = acting.call_of(request, idempotency_key or uuid.uuid4().hex, "api")
        result = evidence_actions.receive(call, file.name or "", file.chunks())
        return Status(_status_of(result), result.as_json())

    api.post(
        "/files", auth=signed_in, tags=["file"], operation_id="upload_file", summary="上传材料 Upload evidence",
        response={200: ActionOut, **FAULTS, 413: ProblemOut, **dict.fromkeys((403, 409, 422), ActionOut | ProblemOut)},
    )(upload)  # fmt: skip


def _add_action(api: NinjaAPI, act: Action[Any, Any]) -> None:
    def answered(request: HttpRequest, body: Any, idempotency_key: str = Header(None, max_length=80)) -> Any:
        if act.grants is OWN and getattr(request, "bearer", False):
            raise _for_people()
        call = acting.call_of(request, idempotency_key or uuid.uuid4().hex, "api")
        # Not model_dump: it leaves out what is kept from the journal, such as a made password.
        result = act(call, **{name: getattr(body, name) for name in type(body).model_fields})
        return Status(_status_of(result), result.as_json())

    answered.__annotations__ = {"request": HttpRequest, "body": act.inputs, "idempotency_key": str, "return": Any}
    answered.__name__ = act.name.replace(".", "_")
    api.post(
        f"/actions/{act.name}", auth=anybody if "public" in act.grants else signed_in, tags=[act.subject],
        operation_id=answered.__name__, summary=f"{act.words.zh} {act.words.en}", description=act.run.__doc__ or "",
        response={200: ActionOut, **FAULTS, **dict.fromkeys((403, 409, 422), ActionOut | ProblemOut)},
    )(answered)  # fmt: skip


def _for_people() -> Problem:
    """A token acts in one post; with the account itself it could make tokens for others, or for ever."""
    return Problem(
        "Authorization",
        Words("接口令牌不能办理账号本身的事项。", "A token does nothing with the account itself."),
        Words("请本人在“我的账号”页面办理。", "Do it yourself on the page of your account."),
        status=403,
    )


def _status_of(result: Result) -> int:
    if isinstance(result.outcome, Granted):
        return 200
    if isinstance(result.outcome, Needs):
        return 422
    return 403 if result.outcome.reasons[0].code in ("role_may_not", "outside_scope") else 409


def _today(request: Any) -> dt.date:
    moment: dt.datetime = request.now
    return moment.astimezone(COUNTY_ZONE).date()


def _add_resource(api: NinjaAPI, resource: Resource) -> None:
    auth = anybody if "public" in resource.readable.grants else signed_in

    def page(
        request: HttpRequest,
        after: int = Query(0, ge=0, le=2**62),
        limit: int = Query(PAGE, ge=1, le=PAGE_LIMIT),
    ) -> Any:
        given = {k: str(v) for k, v in request.GET.items() if k not in ("after", "limit")}
        return resource.on(_today(request)).page(request.actor, after, limit, given)  # type: ignore[attr-defined]

    def one(request: HttpRequest, record_id: int) -> Any:
        if not 0 <= record_id < 2**63:
            record_id = 0
        return resource.on(_today(request)).one(request.actor, record_id)  # type: ignore[attr-defined]

    words = resource.readable.words
    extra = {
        "parameters": [
            {"in": "query", "name": name, "required": False, "schema": {"type": "string"}} for name in resource.filters
        ]
    }
    api.get(
        f"/{resource.name}", auth=auth, tags=[resource.readable.name], operation_id=f"list_{resource.name}",
        summary=f"{words.zh}列表 List: {words.en}", response={200: PageOut, **FAULTS}, openapi_extra=extra,
    )(page)  # fmt: skip
    api.get(
        f"/{resource.name}/{{int:record_id}}", auth=auth, tags=[resource.readable.name],
        operation_id=f"read_{resource.name}", summary=f"{words.zh} {words.en}",
        response={200: dict[str, Any], **FAULTS},
    )(one)  # fmt: skip


def _answer_faults(api: NinjaAPI) -> None:
    @api.exception_handler(Problem)
    def problem(request: HttpRequest, fault: Problem) -> HttpResponse:
        return api.create_response(request, problem_json(fault), status=fault.status)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
        first = fault.errors[0]
        place = ".".join(str(p) for p in first["loc"][1:]) or str(first["loc"][0])
        words = Words(f"这一项不合要求：{first['msg']}。", f"Not acceptable: {first['msg']}.")
        remedy = Words("请按接口说明改正后重试。", "Correct it as the API document says and try again.")
        return api.create_response(request, problem_json(Problem(place, words, remedy)), status=422)

    @api.exception_handler(AuthenticationError)
    def nobody(request: HttpRequest, fault: AuthenticationError) -> HttpResponse:
        words = Words("请先登录并选择岗位。", "Sign in and choose a post first.")
        remedy = Words("请在网页登录后带会话调用。", "Sign in on the web page and call with its session.")
        return api.create_response(request, problem_json(Problem("session", words, remedy)), status=401)

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, fault: RequestDataTooBig) -> HttpResponse:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20
        words = Words(f"请求内容超过上限 {most} MB。", f"The request is above the limit of {most} MB.")
        remedy = Words("请缩短内容；文件请在网页上传。", "Shorten it; files are uploaded on the page.")
        return api.create_response(request, problem_json(Problem("body", words, remedy)), status=413)

    @api.exception_handler(NinjaHttpError)
    def unreadable(request: HttpRequest, fault: NinjaHttpError) -> HttpResponse:
        words = Words("读不懂请求内容。", f"The request cannot be read: {fault}.")
        remedy = Words("请发送 UTF-8 的 JSON。", "Send JSON in UTF-8.")
        return api.create_response(request, problem_json(Problem("body", words, remedy)), status=fault.status_code)
