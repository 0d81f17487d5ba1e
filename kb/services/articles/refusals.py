"""Why a change of an article, a topic or a picture was refused."""

from supportops.common.errors import OperationRefused


class StaleArticle(OperationRefused):
    """Somebody saved the working copy meanwhile; nothing was written or published."""

    code = "kb_article_stale"

    def __init__(self, message: str, *, revision: int) -> None:
        super().__init__(message)
        self.revision = revision


class NotYours(OperationRefused):
    """The change needs a permission, or a part in the article, that the actor has not."""

    code = "kb_not_allowed"


class NotAReviewer(OperationRefused):
    """The article names reviewers, and the actor is none of them."""

    code = "kb_not_a_reviewer"


class StateRefused(OperationRefused):
    """The article is in a state in which this cannot be done."""

    code = "kb_article_state_refused"


class TextRefused(OperationRefused):
    """A title is missing, or a text is empty or too long."""

    code = "kb_text_refused"


class BrokenLinks(OperationRefused):
    """Readers could not follow some links, and the publisher did not accept as many."""

    code = "kb_broken_links"

    def __init__(self, message: str, *, count: int) -> None:
        super().__init__(message)
        self.count = count


class NothingChanged(OperationRefused):
    """Readers see this very text already."""

    code = "kb_nothing_changed"


class SettingsRefused(OperationRefused):
    """A setting does not exist, or does not go with the others."""

    code = "kb_settings_refused"


class AddressTaken(OperationRefused):
    """Another article or topic has the address."""

    code = "kb_address_taken"


class RedirectRefused(OperationRefused):
    """Readers cannot be sent there."""

    code = "kb_redirect_refused"


class LinkRefused(OperationRefused):
    """The articles cannot be linked like this."""

    code = "kb_link_refused"


class TranslationRefused(OperationRefused):
    """There is a translation already, or the language is the article's own."""

    code = "kb_translation_refused"


class TopicRefused(OperationRefused):
    """The tree of topics cannot be changed like this."""

    code = "kb_topic_refused"
