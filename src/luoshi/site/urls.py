"""Every address of the installation. Each subject brings its own pages; the API is built from the actions."""

from django.urls import include, path

from luoshi.site.api.build import make_api
from luoshi.site.pages import faults

urlpatterns = [
    path("", include("luoshi.site.pages.urls")),
    path("", include("luoshi.site.pages.account_urls")),
    path("", include("luoshi.site.pages.admin_urls")),
    path("", include("luoshi.supervision.pages.urls")),
    path("", include("luoshi.supervision.reporting.urls")),
    path("", include("luoshi.supervision.load.urls")),
    path("", include("luoshi.supervision.scores.urls")),
    path("", include("luoshi.supervision.workbook.urls")),
    path("", include("luoshi.supervision.outlook.urls")),
    path("", include("luoshi.supervision.promises.urls")),
    path("", include("luoshi.supervision.meetings.urls")),
    path("", include("luoshi.gazette.pages.urls")),
    path("", include("luoshi.office.evidence.pages.urls")),
    path("", include("luoshi.gazette.publication.urls")),
    path("api/v1/", make_api().urls),
]
handler400 = faults.bad_request
handler403 = faults.forbidden
handler404 = faults.not_found
handler500 = faults.fault
