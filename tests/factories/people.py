"""People for tests. Names count up, so a failing test names who it was."""

import factory
from django.contrib.auth.models import Group

from workforce.people.models import Region, Skill, SkillLevel, Team, User


class RegionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Region {n}")
    country = "DE"
    time_zone = "Europe/Berlin"


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")
    level = "L1"


class UserFactory(factory.django.DjangoModelFactory):
    """An active staff member without a role; ``role="Agent"`` adds one."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = "Ada"
    last_name = factory.Sequence(lambda n: f"Agent {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    is_staff = True
    password = factory.django.Password("secret")

    @factory.post_generation
    def role(self, create: bool, name: str | None, **kwargs: object) -> None:
        if create and name:
            self.groups.add(Group.objects.get(name=name))


class SkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Skill

    name = factory.Sequence(lambda n: f"Skill {n}")


class SkillLevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SkillLevel

    user = factory.SubFactory(UserFactory)
    skill = factory.SubFactory(SkillFactory)
    level = 3
