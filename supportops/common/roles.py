"""The roles, as groups. Each app's migration grants its own permissions to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import migrations

AGENT = "Agent"
TEAM_LEAD = "Team lead"
SUPPORT_LEAD = "Support lead"
QA_REVIEWER = "QA reviewer"
WORKFORCE_MANAGER = "Workforce manager"
EXECUTIVE = "Executive"
ADMINISTRATOR = "Administrator"

ROLES = (
    AGENT,
    TEAM_LEAD,
    SUPPORT_LEAD,
    QA_REVIEWER,
    WORKFORCE_MANAGER,
    EXECUTIVE,
    ADMINISTRATOR,
)


def grant(app_label: str, grants: Mapping[str, Sequence[str]]) -> migrations.RunPython:
    """Return a migration operation that gives each role its permissions.

    ``grants`` maps a codename (``view_ticket``) to the roles that have it. Permission
    rows are created when missing: Django itself only makes them after all migrations.
    The administrator gets every codename named.
    """

    def give(apps: Any, schema_editor: Any) -> None:
        group_model = apps.get_model("auth", "Group")
        for codename, roles in grants.items():
            permission = _permission(apps, app_label, codename)
            for role in {*roles, ADMINISTRATOR}:
                group, _ = group_model.objects.get_or_create(name=role)
                group.permissions.add(permission)

    def take(apps: Any, schema_editor: Any) -> None:
        permission_model = apps.get_model("auth", "Permission")
        for codename, roles in grants.items():
            for permission in permission_model.objects.filter(
                content_type__app_label=app_label, codename=codename
            ):
                permission.group_set.remove(
                    *permission.group_set.filter(name__in={*roles, ADMINISTRATOR})
                )

    return migrations.RunPython(give, take)


def _permission(apps: Any, app_label: str, codename: str) -> Any:
    """Find the permission, or create it on the model that its codename ends with."""
    content_types = apps.get_model("contenttypes", "ContentType")
    permissions = apps.get_model("auth", "Permission")
    found = permissions.objects.filter(
        content_type__app_label=app_label, codename=codename
    ).first()
    if found:
        return found
    for model in apps.get_app_config(app_label).get_models():
        options = model._meta  # noqa: SLF001 -- Django's documented model API
        custom = dict(options.permissions)
        action, _, name = codename.partition("_")
        standard = name == options.model_name and action in options.default_permissions
        if codename in custom or standard:
            content_type, _created = content_types.objects.get_or_create(
                app_label=app_label, model=options.model_name
            )
            return permissions.objects.create(
                content_type=content_type,
                codename=codename,
                name=custom.get(codename) or f"Can {action} {options.verbose_name}",
            )
    raise LookupError(f"{app_label} declares no permission {codename!r}")
