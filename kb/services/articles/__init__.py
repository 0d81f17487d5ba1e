"""Every write to articles and topics."""

from kb.services.articles.archiving import archive, restore
from kb.services.articles.arranging import Settings, change_many, change_settings
from kb.services.articles.linking import LinkTo, add_link, remove_link, set_links
from kb.services.articles.publishing import mark_reviewed, publish, revert
from kb.services.articles.refusals import (
    AddressTaken,
    BrokenLinks,
    LinkRefused,
    NotAReviewer,
    NothingChanged,
    NotYours,
    RedirectRefused,
    SettingsRefused,
    StaleArticle,
    StateRefused,
    TextRefused,
    TopicRefused,
    TranslationRefused,
)
from kb.services.articles.reviewing import give_back, send_for_review
from kb.services.articles.topics import (
    TopicWords,
    add_topic,
    change_topic,
    delete_topic,
    move_topic,
)
from kb.services.articles.translations import set_original, start_translation
from kb.services.articles.writing import create_article, save_working_copy

__all__ = [
    "AddressTaken",
    "BrokenLinks",
    "LinkRefused",
    "LinkTo",
    "NotAReviewer",
    "NotYours",
    "NothingChanged",
    "RedirectRefused",
    "Settings",
    "SettingsRefused",
    "StaleArticle",
    "StateRefused",
    "TextRefused",
    "TopicRefused",
    "TopicWords",
    "TranslationRefused",
    "add_link",
    "add_topic",
    "archive",
    "change_many",
    "change_settings",
    "change_topic",
    "create_article",
    "delete_topic",
    "give_back",
    "mark_reviewed",
    "move_topic",
    "publish",
    "remove_link",
    "restore",
    "revert",
    "save_working_copy",
    "send_for_review",
    "set_links",
    "set_original",
    "start_translation",
]
