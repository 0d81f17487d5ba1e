"""What the platform remembers about itself."""

from django.db import models


class Heartbeat(models.Model):
    """When a part of the installation last gave a sign of life."""

    name = models.CharField(max_length=40, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at}"
