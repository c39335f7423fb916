"""Addresses of the room of people and of what waits for a second person."""

from django.urls import URLPattern, path

from web.desk.people import access, approvals, staff

urlpatterns: list[URLPattern] = [
    path("people/", staff.people, name="people"),
    path("people/add/", staff.add_person, name="person-add"),
    path("people/access/", access.access, name="access"),
    path("people/<uuid:pk>/", staff.member, name="member"),
    path("people/<uuid:pk>/role/", staff.ask_role, name="role-ask"),
    path("people/<uuid:pk>/close/", staff.close_account, name="account-close"),
    path("people/roles/<uuid:pk>/end/", staff.end_role, name="role-end"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:pk>/", approvals.decide, name="approval-decide"),
]
