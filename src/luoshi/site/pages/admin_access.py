"""Pages of the security administrator: the access matrix and the security controls in force."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from luoshi.core.words import Words
from luoshi.office import access, declared, rail
from luoshi.office.access import READABLES
from luoshi.office.actions import ACTIONS
from luoshi.office.people.roles import ROLES
from luoshi.site.pages import admin_forms
from luoshi.site.pages.admin_controls import CONTROLS, SOURCES, value_of

READERS = ("security_admin", "audit_admin")
rail.add("people", "admin-access", Words("权限矩阵", "Access matrix"), roles=frozenset(READERS), order=40)
rail.add("people", "admin-security", Words("安全设置", "Security settings"), roles=frozenset(READERS), order=50)


@require_safe
@admin_forms.for_roles(*READERS)
def matrix(request: HttpRequest) -> HttpResponse:
    """Show who may do and read what, and how far: one line per action or reading, one column per role."""
    declared.load_all()
    if request.GET.get("format") == "json":
        return JsonResponse(list(access.matrix()), safe=False, json_dumps_params={"ensure_ascii": False})
    listed: list[tuple[str, Words, Any]] = [(a.name, a.words, a.grants) for a in ACTIONS.values()]
    listed += [(f"read.{r.name}", r.words, r.grants) for r in READABLES.values()]
    lines = [
        {
            "name": name,
            "words": words,
            "cells": [access.SCOPE_WORDS[g] if (g := _grant(grants, r)) else "" for r in ROLES],
        }
        for name, words, grants in sorted(listed, key=lambda row: row[0])
    ]
    return render(request, "site/admin/matrix.html", {"lines": lines, "roles": [r.words for r in ROLES.values()]})


def _grant(grants: Any, role: str) -> Any:
    return grants.get(role) or grants.get("public")


@require_safe
@admin_forms.for_roles(*READERS)
def security(request: HttpRequest) -> HttpResponse:
    """Show each control with its setting, value, source and where it is enforced."""
    lines = [
        {
            "control": c, "source": SOURCES[c.source], "note": c.note or "",
            "values": [{"name": name, "value": value_of(name)} for name in c.settings],
        }
        for c in CONTROLS
    ]  # fmt: skip
    return render(request, "site/admin/security.html", {"lines": lines})
