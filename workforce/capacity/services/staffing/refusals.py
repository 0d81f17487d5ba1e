"""Why staffing refuses a write."""

from supportops.common.errors import OperationRefused


class AssumptionsChangedMeanwhile(OperationRefused):
    """Somebody else saved the assumptions after the page was opened."""

    code = "assumptions_changed_meanwhile"


class AssumptionsInvalid(OperationRefused):
    """A value lies outside what can be."""

    code = "assumptions_invalid"


class PlanChangedMeanwhile(OperationRefused):
    """Somebody else saved the planned people after the page was opened."""

    code = "plan_changed_meanwhile"


class PlanNotEmpty(OperationRefused):
    """The template starts an empty plan; this one has blocks."""

    code = "plan_not_empty"


class BlocksInvalid(OperationRefused):
    """A block cannot be: it ends before it starts, or has fewer than no people."""

    code = "blocks_invalid"


class NothingToCopy(OperationRefused):
    """The day to copy has no block, or no day to copy it to was chosen."""

    code = "nothing_to_copy"


class FileUnreadable(OperationRefused):
    """A file of blocks has a line that cannot be read; nothing of it is taken."""

    code = "file_unreadable"
