"""Fields that choose rows."""

import pytest
from django.core.exceptions import ValidationError

from supportops.common.row_fields import RowsField
from tests.factories.people import TeamFactory
from workforce.people.models import Team

pytestmark = pytest.mark.django_db


def test_rows_field_returns_the_rows_chosen():
    team = TeamFactory()

    assert list(RowsField(Team.objects.all()).clean([str(team.pk)])) == [team]
    assert list(RowsField(Team.objects.all(), required=False).clean([])) == []


@pytest.mark.parametrize("key", ["9" * 25, "-1", "x", "0"])
def test_rows_field_refuses_what_no_column_holds(key):
    with pytest.raises(ValidationError):
        RowsField(Team.objects.all()).clean([key])
