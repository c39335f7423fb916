"""Addresses of the auditors' room."""

from django.urls import URLPattern, path

from web.desk.audit import checkpoints, events, history, readings

urlpatterns: list[URLPattern] = [
    path("", events.audit, name="audit"),
    path("events/<int:seq>/", events.event, name="event"),
    path("changes/", history.changes, name="changes"),
    path("changes/<slug:table>/<uuid:object_id>/", history.record, name="record-history"),
    path("readings/", readings.readings, name="readings"),
    path("checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("checkpoints/<int:size>.txt", checkpoints.checkpoint, name="checkpoint"),
    path("checkpoints/proof.json", checkpoints.proof, name="log-proof"),
    path("state/", events.state, name="log-state"),
]
