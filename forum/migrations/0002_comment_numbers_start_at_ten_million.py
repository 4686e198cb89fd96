"""Comment numbers start at 10,000,000: WordPress's lie below, Blogger's above, so old ones never clash."""

from django.db import migrations

FIRST_NUMBER = 10_000_000


def set_start(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER TABLE forum_comment ALTER COLUMN id RESTART WITH {FIRST_NUMBER}")
    else:
        schema_editor.execute("DELETE FROM sqlite_sequence WHERE name = 'forum_comment'")
        schema_editor.execute(
            f"INSERT INTO sqlite_sequence (name, seq) VALUES ('forum_comment', {FIRST_NUMBER - 1})"
        )


class Migration(migrations.Migration):
    dependencies = [("forum", "0001_tables_of_the_main_job")]

    operations = [migrations.RunPython(set_start, migrations.RunPython.noop)]
