"""The nouns of the knowledge base."""

from kb.models.articles import (
    Article,
    ArticleImage,
    ArticleLink,
    ArticleVersion,
    IndexVersion,
    Kind,
    SentText,
    Synonym,
    Topic,
    TopicTranslation,
)
from kb.models.assistant import AssistantRules, Conversation, Turn
from kb.models.experiments import Experiment
from kb.models.figures import KnowledgeValue, SearchDay
from kb.models.reading import FormVisit, KnownQuestion, Place, Reading, Search, Vote
from kb.models.work import (
    ContentDuty,
    ContentTask,
    Flag,
    GapTask,
    TicketArticle,
    WorklistRow,
)

__all__ = [
    "Article",
    "ArticleImage",
    "ArticleLink",
    "ArticleVersion",
    "AssistantRules",
    "ContentDuty",
    "ContentTask",
    "Conversation",
    "Experiment",
    "Flag",
    "FormVisit",
    "GapTask",
    "IndexVersion",
    "Kind",
    "KnowledgeValue",
    "KnownQuestion",
    "Place",
    "Reading",
    "Search",
    "SearchDay",
    "SentText",
    "Synonym",
    "TicketArticle",
    "Topic",
    "TopicTranslation",
    "Turn",
    "Vote",
    "WorklistRow",
]
