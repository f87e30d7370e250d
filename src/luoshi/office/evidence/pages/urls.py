"""Addresses of kept files."""

from django.urls import path

from luoshi.office.evidence.pages import download

urlpatterns = [path("files/<int:file_id>", download.file, name="file")]
