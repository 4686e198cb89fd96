"""Reasons and canned replies that a volunteer of a blog about health can begin with."""

from django.db import migrations

REASONS = [
    (
        "off-topic",
        "Off topic",
        "Thank you for writing. This does not belong to the subject of the post, so we did not publish it "
        "here. Under a post about it, it would be welcome.",
    ),
    (
        "personal-data",
        "Personal details of somebody else",
        "Your comment tells things about another person by which they could be known. We do not publish "
        "those without their consent. You are welcome to send it again without them.",
    ),
    (
        "advertising",
        "Advertising",
        "Your comment recommends something that is for sale, or links to it. We keep this place free of "
        "advertising, also of the kind that is meant well.",
    ),
    (
        "attack",
        "Attack on a person",
        "Your comment is about a person and not about what they said. Please say again what you disagree "
        "with, without the rest; then we can publish it.",
    ),
    (
        "dangerous-advice",
        "Advice that could harm",
        "Somebody who followed this advice without seeing a doctor could come to harm, so we did not publish "
        "it. What you have been through yourself, told as that, is welcome.",
    ),
    (
        "duplicate",
        "Said already",
        "This came to us twice, or stands here already, so we left one of them out. Nothing of what you "
        "wrote is lost.",
    ),
]
CANNED = [
    (
        "Please ask your doctor",
        "Hello {name},\n\nthank you for asking. Nobody here can examine you, so nobody here can answer this "
        "for you. Please ask your doctor or your nurse, and soon if it is getting worse. In an emergency, "
        "please call the emergency number where you live.\n\nYou are welcome to tell how it went.",
    ),
    (
        "Thank you for your story",
        "Hello {name},\n\nthank you for telling this under “{article}”. It will help people who read it "
        "later, and it was good to read.",
    ),
    (
        "The author does not write here any more",
        "Hello {name},\n\nthank you for your words. “{article}” comes from an archive, and whoever wrote it "
        "does not answer here any more. Other readers of {site} may, so please look in again.",
    ),
]


def add(apps, schema_editor):
    """Put the first reasons and replies in; what is there under the same code or title stays."""
    reasons, replies = apps.get_model("forum", "Reason"), apps.get_model("forum", "CannedReply")
    for n, (code, title, text) in enumerate(REASONS):
        reasons.objects.get_or_create(code=code, defaults={"title": title, "text": text, "place": n * 10})
    for n, (title, text) in enumerate(CANNED):
        replies.objects.get_or_create(title=title, defaults={"text": text, "place": n * 10})


class Migration(migrations.Migration):
    """Taking it back leaves the rows: an admin may have worded them anew."""

    dependencies = [("forum", "0011_desk_counts_by_index")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
