"""``manage.py demo_logins``: one login per role, when the demo is loaded."""

from typing import Any

from django.core.management.base import BaseCommand

from supportops.demo.people import PASSWORD, login_lines


class Command(BaseCommand):
    help = "Print one login per role of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        lines = login_lines()
        if lines:
            self.stdout.write(f"Log in as (password for all: {PASSWORD})")
            for line in lines:
                self.stdout.write(line)
        else:
            self.stdout.write(
                "No demo people here. Make yourself an account: "
                "manage.py createsuperuser"
            )
