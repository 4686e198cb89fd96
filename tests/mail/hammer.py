"""One process of the sender's figures, run as `python -m tests.mail.hammer ACT …` on DATABASE_URL.

    prepare LETTERS PEOPLE    write letters to people in turns
    send [--without-lease]    send what is due; without lease is the control
    state                     every letter

Each act prints one line of JSON.
"""

import json
import sys

import django


def prepare(count: int, people: int) -> list:
    """An empty database gets letters that are due."""
    from forum.mail.writing import write

    for n in range(count):
        write(f"k{n}", f"person{n % people}@mail.example", f"Letter {n}", f"This is number {n}.")
    return state()


def send(*words: str) -> list:
    """Send what is due and end; says "ready" and waits for a line before."""
    from django.db import connection

    from forum.mail import sender

    if "--without-lease" in words:
        without_lease()
    connection.ensure_connection()
    print("ready", flush=True)
    sys.stdin.readline()
    sender.once(sender.Stop())
    return []


def without_lease() -> None:
    """The control: whoever looks takes the first letter, and nobody asks whose it is."""
    from forum.mail import sender
    from forum.mail.models import Letter

    sender.lease = lambda now: Letter.objects.leasable(now).first()
    sender.still_due = lambda letter, now: True


def state() -> list:
    """Message-ID, address, state, tries and error of every letter."""
    from forum.mail.models import Letter

    rows = Letter.objects.order_by("pk")
    return [[row.message_id, row.to, row.state, row.tries, row.error] for row in rows]


def main(act: str, *words: str) -> list:
    """Do one act on the database of the environment."""
    django.setup()
    numbers = [int(word) for word in words if word.isdigit()]
    return send(*words) if act == "send" else {"prepare": prepare, "state": state}[act](*numbers)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])), flush=True)
