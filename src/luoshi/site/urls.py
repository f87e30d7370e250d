"""Every address of the installation. Each subject brings its own pages; the API is built from the actions."""

from django.urls import include, path

urlpatterns = [
    path("", include("luoshi.site.pages.urls")),
]
