from django.db import migrations


def confirm(apps, schema_editor):
    """As those made from now on are: signing in with Google must not take a superuser's password away."""
    EmailAddress = apps.get_model("account", "EmailAddress")
    for user in apps.get_model("accounts", "User").objects.filter(is_superuser=True):
        if not EmailAddress.objects.filter(user_id=user.pk).exists():
            EmailAddress.objects.create(user_id=user.pk, email=user.email, primary=True, verified=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sign_ins_and_long_term_tokens"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
