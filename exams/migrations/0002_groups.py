"""The groups *Authors* and *Instructors*, with what they may do."""

from django.db import migrations

ALL = ("view", "add", "change", "delete")
AUTHORS = {
    "exam": ("view", "add", "change"),
    # What attempts rest on is not deleted by authors: the page that says what stands in the way would name attempts.
    "size": ("view", "add", "change"),
    "domain": ("view", "add", "change"),
    "task": ("view", "add", "change"),
    "tag": ALL,
    "case": ALL,
    "media": ("view",),
    "question": (*ALL, "publish"),
    "option": ALL,
    "reference": ALL,
    "questionversion": ("view",),
}
INSTRUCTORS = {"cohort": ("view", "add", "change"), "assignment": ("view", "add")}


def make_groups(apps, schema_editor):
    """Django makes permissions after all migrations, so those needed here are made now, under the same names."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for name, rights in (("Authors", AUTHORS), ("Instructors", INSTRUCTORS)):
        group, _ = Group.objects.get_or_create(name=name)
        for model, actions in rights.items():
            content_type, _ = ContentType.objects.get_or_create(app_label="exams", model=model)
            for action in actions:
                permission, _ = Permission.objects.get_or_create(
                    codename=f"{action}_{model}", content_type=content_type, defaults={"name": f"Can {action} {model}"}
                )
                group.permissions.add(permission)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Authors", "Instructors"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("exams", "0001_first_walk"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
