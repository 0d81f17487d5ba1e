"""The one family of anticipated refusals that every edge knows how to show."""


class OperationRefused(Exception):  # noqa: N818 -- the word the product uses
    """An operation was refused for a reason its caller can act on.

    Subclasses set a stable ``code`` beside what raises them. The message says what was
    refused, why, and what to do; pages, commands and the API (409) show the same words.
    """

    code = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
