"""Forms of decisions: the new one, its sections, its life, the list."""

from workforce.capacity.forms import weighing  # noqa: F401 -- registers
