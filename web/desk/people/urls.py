"""Addresses of the room of people and of what waits for a second person."""

from django.urls import URLPattern, path

from web.desk.people import access, approvals, erasure, lockdown, reach, retention, staff, teams, watch

urlpatterns: list[URLPattern] = [
    path("people/", staff.people, name="people"),
    path("people/add/", staff.add_person, name="person-add"),
    path("people/access/", access.access, name="access"),
    path("people/retention/", retention.retention, name="retention"),
    path("people/subject/<uuid:pk>/", erasure.subject, name="subject"),
    path("people/subject/<uuid:pk>/erase/", erasure.erase, name="erase"),
    path("people/subject/<uuid:pk>/hold/", erasure.hold, name="hold"),
    path("people/subject/<uuid:pk>/copy/", erasure.export, name="person-export"),
    path("people/holds/<uuid:pk>/lift/", erasure.lift, name="hold-lift"),
    path("people/erasures/<uuid:pk>/go-on/", erasure.go_on, name="erasure-go-on"),
    path("people/lockdown/", lockdown.lockdown, name="lockdown"),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/make/", teams.add_team, name="team-add"),
    path("people/teams/<uuid:pk>/", teams.team, name="team"),
    path("people/teams/<uuid:pk>/end/", teams.end, name="team-end"),
    path("people/teams/members/<uuid:pk>/leave/", teams.leave, name="team-leave"),
    path("people/freezes/<uuid:pk>/", watch.lift, name="freeze-lift"),
    path("people/<uuid:pk>/reach/", reach.reach, name="reach"),
    path("people/<uuid:pk>/cut-off/", reach.cut_off, name="cut-off"),
    path("people/<uuid:pk>/let-in/", reach.let_in, name="let-in"),
    path("people/<uuid:pk>/factor/", reach.reset_factor, name="factor-reset"),
    path("people/<uuid:pk>/", staff.member, name="member"),
    path("people/<uuid:pk>/role/", staff.ask_role, name="role-ask"),
    path("people/<uuid:pk>/close/", staff.close_account, name="account-close"),
    path("people/roles/<uuid:pk>/end/", staff.end_role, name="role-end"),
    path("glass/<uuid:pk>/", watch.review, name="glass-review"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<uuid:pk>/", approvals.decide, name="approval-decide"),
]
