"""The rooms of the desk, included by config under /desk/. Each room brings its own list of addresses."""

from django.urls import URLPattern, URLResolver, include, path

from web.desk import trials, worklist

app_name = "desk"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", worklist.show, name="worklist"),
    path("tasks/new/", worklist.add_task, name="task-new"),
    path("tasks/<uuid:task_id>/done/", worklist.finish_task, name="task-done"),
    path("cases/", include("web.desk.cases.urls")),
    path("trials/", trials.trials, name="trials"),
    path("trials/counsel/", trials.promptness, name="trials-counsel"),
    path("trials/new/", trials.add, name="trial-new"),
    path("trials/<uuid:trial_id>/link/", trials.link, name="trial-link"),
    path("trials/<uuid:trial_id>/unlink/", trials.unlink, name="trial-unlink"),
    path("trials/<uuid:trial_id>/defence/", trials.record_defence, name="trial-defence"),
]
urlpatterns += [
    path("money/", include("web.desk.money.urls")),
    path("reports/", include("web.desk.reports.urls")),
    path("audit/", include("web.desk.audit.urls")),
    path("", include("web.desk.people.urls")),
]
urlpatterns += [
    path("cases/<uuid:case_id>/counsel/", include("web.desk.counsel.urls")),
    path("calendar/", include("web.desk.calendar.urls")),
    path("lawyers/", include("web.desk.lawyers.urls")),
    path("match/", include("web.desk.match.urls")),
]
