"""Addresses of the auditors' room."""

from django.urls import URLPattern, path

from web.desk.audit import (
    archives,
    checkpoints,
    events,
    findings,
    history,
    readings,
    samples,
    start,
    vouchers,
)

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
    path("room/", start.start, name="audit-start"),
    path("samples/", samples.samples, name="samples"),
    path("samples/<uuid:pk>/", samples.sample, name="sample"),
    path("samples/<uuid:pk>/items.csv", samples.items, name="sample-items"),
    path("samples/items/<uuid:pk>/ask/", vouchers.ask, name="voucher-ask"),
    path("vouchers/", vouchers.requests, name="vouchers"),
    path("vouchers/<uuid:pk>/", vouchers.look, name="voucher-look"),
    path("vouchers/<uuid:pk>/unseal/", vouchers.unseal, name="voucher-unseal"),
    path("vouchers/<uuid:pk>/close/", vouchers.close, name="voucher-close"),
    path("vouchers/<uuid:pk>/<uuid:file_id>/<int:number>.jpg", vouchers.sheet, name="voucher-sheet"),
    path("findings/", findings.findings, name="findings"),
    path("findings/new/", findings.raise_one, name="finding-raise"),
    path("findings/<uuid:pk>/", findings.finding, name="finding"),
    path("archives/", archives.archives, name="archives"),
    path("archives/<uuid:pk>/take/", archives.take, name="archive-take"),
    path("consistency/", archives.consistency, name="consistency"),
]
