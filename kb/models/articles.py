"""Articles: a working copy that is edited, and versions that never change."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

TITLE_LENGTH = 160


class Kind(models.TextChoices):
    """The seven purposes an article can have; each has a template."""

    GETTING_STARTED = "GETTING_STARTED", _("Getting started")
    HOW_TO = "HOW_TO", _("How-to guides")
    TROUBLESHOOTING = "TROUBLESHOOTING", _("Troubleshooting")
    REFERENCE = "REFERENCE", _("Reference")
    FAQ = "FAQ", _("Questions and answers")
    RELEASE_NOTES = "RELEASE_NOTES", _("Release notes")
    BEST_PRACTICES = "BEST_PRACTICES", _("Best practices")


class Topic(models.Model):
    """A place in the help centre's tree, three levels deep at most."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    kind = models.CharField(_("purpose"), max_length=16, choices=Kind, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True,
        related_name="children", verbose_name=_("under"),
    )  # fmt: skip
    level = models.PositiveSmallIntegerField(_("level"), default=1, editable=False)
    description = models.CharField(_("description"), max_length=200, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__gte=1, level__lte=3),
                name="kb_topic_three_levels",
                violation_error_message=_("Topics are three levels deep at most."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, level=1)
                | Q(parent__isnull=False, level__gte=2),
                name="kb_topic_level_follows_parent",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TopicTranslation(models.Model):
    """What a topic is called in another language; what is empty is shown in the house's."""

    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, related_name="translations"
    )
    language = models.CharField(_("language"), max_length=10)
    name = models.CharField(_("name"), max_length=80, blank=True)
    description = models.CharField(_("description"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("topic in another language")
        verbose_name_plural = _("topics in other languages")
        ordering = ["topic_id", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "language"], name="kb_topictranslation_one_a_language"
            ),
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(description=""),
                name="kb_topictranslation_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Article(models.Model):
    """One answer in one language. What readers see is its published version."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        REVIEW = "REVIEW", _("In review")
        PUBLISHED = "PUBLISHED", _("Published")
        ARCHIVED = "ARCHIVED", _("Archived")

    class Audience(models.TextChoices):
        PUBLIC = "PUBLIC", _("Everybody")
        PLAN = "PLAN", _("Customers of some tiers")
        INTERNAL = "INTERNAL", _("Staff only")

    slug = models.SlugField(_("address"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    translation_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True,
        related_name="translations", verbose_name=_("translation of"),
    )  # fmt: skip
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="articles",
        verbose_name=_("topic"),
    )  # fmt: skip
    kind = models.CharField(_("purpose"), max_length=16, choices=Kind)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT
    )
    audience = models.CharField(
        _("audience"), max_length=10, choices=Audience, default=Audience.PUBLIC
    )
    tiers = models.ManyToManyField(
        "tickets.CustomerTier", blank=True, related_name="+",
        verbose_name=_("customer tiers"),
    )  # fmt: skip
    categories = models.ManyToManyField(
        "tickets.Category", blank=True, related_name="articles",
        verbose_name=_("ticket categories"),
        help_text=_("Tickets of these are what the article answers."),
    )  # fmt: skip
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="owned_articles", verbose_name=_("owner"),
    )  # fmt: skip
    reviewers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="articles_to_review",
        verbose_name=_("reviewers"),
    )  # fmt: skip
    # The working copy.
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    keywords = models.JSONField(
        _("other words for it"), default=list, blank=True,
        help_text=_("What customers call it, common misspellings too."),
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=0, editable=False)
    published = models.ForeignKey(
        "kb.ArticleVersion", on_delete=models.SET_NULL, null=True, blank=True,
        editable=False, related_name="+", verbose_name=_("published version"),
    )  # fmt: skip
    first_published_at = models.DateTimeField(
        _("first published"), null=True, blank=True
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("last reviewed"), null=True, blank=True)
    review_every_days = models.PositiveSmallIntegerField(
        _("review every, days"), default=180
    )
    review_due_on = models.DateField(_("review due"), null=True, blank=True)
    is_featured = models.BooleanField(_("featured"), default=False)
    redirects_to = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("readers are sent to"),
        help_text=_("Where the address of an archived article leads."),
    )  # fmt: skip
    # A published article stays published while its next text is reviewed.
    review_asked_at = models.DateTimeField(_("sent for review"), null=True, blank=True)
    review_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        editable=False, related_name="+", verbose_name=_("sent for review by"),
    )  # fmt: skip
    review_note = models.CharField(
        _("note of the review"), max_length=500, blank=True,
        help_text=_("Why the text was given back; empty once it is sent again."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"))
    # Of anything: of the text, a setting, the state.
    changed_at = models.DateTimeField(_("changed"))
    text_changed_at = models.DateTimeField(
        _("text changed"), null=True, blank=True, editable=False
    )
    # What happened to it. The text is kept by versions, not here.
    history = HistoricalRecords(
        excluded_fields=[
            "title", "summary", "body", "keywords", "revision", "text_changed_at",
        ]
    )  # fmt: skip

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("publish_article", "Can publish and archive articles"),
            ("view_internal_article", "Can read articles for staff only"),
        ]
        indexes = [
            models.Index(fields=["state", "language"], name="kb_article_by_state"),
            models.Index(fields=["review_due_on"], name="kb_article_by_review"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "slug"],
                name="kb_article_one_per_address",
                violation_error_message=_("Another article has this address."),
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=Q(translation_of__isnull=False),
                name="kb_article_one_translation_per_language",
                violation_error_message=_("There is a translation into this language."),
            ),
            models.CheckConstraint(
                condition=~Q(state="PUBLISHED") | Q(published__isnull=False),
                name="kb_article_published_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """What was published. Never changed; reverting publishes an old text anew."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"))
    keywords = models.JSONField(_("other words for it"), default=list, blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, null=True, blank=True,
        related_name="+", db_constraint=False, verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"))
    # Nullable without a default: SQLite then adds the column to the table that is there,
    # and keeps the trigger of migration 0003.
    broken_links = models.PositiveSmallIntegerField(
        _("broken links accepted"), null=True, blank=True,
        help_text=_("Empty where nobody looked, as before there was a check."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("version of an article")
        verbose_name_plural = _("versions of articles")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "number"], name="kb_version_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class SentText(models.Model):
    """The text as it was sent for review, kept until the review ends."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, related_name="sent_text"
    )
    revision = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    keywords = models.JSONField(_("other words for it"), default=list, blank=True)
    # The last save since: by it the next one is part of the same burst, or of a new one.
    changed_at = models.DateTimeField(_("changed since"), null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+", verbose_name=_("changed by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("text sent for review")
        verbose_name_plural = _("texts sent for review")

    def __str__(self) -> str:
        return self.title


class ArticleLink(models.Model):
    """From one article to another that belongs with it."""

    class Kind(models.TextChoices):
        RELATED = "RELATED", _("Related")
        BEFORE = "BEFORE", _("Read before")
        NEXT = "NEXT", _("Next step")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="linked_from"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.RELATED)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "target", "kind"], name="kb_link_once"
            ),
            models.CheckConstraint(
                condition=~Q(article=models.F("target")), name="kb_link_not_to_itself",
                violation_error_message=_("An article does not link to itself."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.article_id} → {self.target_id}"


class ArticleImage(models.Model):
    """A picture shown in articles, re-encoded when it was uploaded."""

    file = models.ImageField(_("file"), upload_to="articles/")
    alt = models.CharField(_("text instead of the picture"), max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    width = models.PositiveSmallIntegerField(_("width, pixels"))
    height = models.PositiveSmallIntegerField(_("height, pixels"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alt


class Synonym(models.Model):
    """Words that mean the same to a customer: searching one finds the other."""

    language = models.CharField(_("language"), max_length=10, default="en")
    term = models.CharField(_("word"), max_length=80)
    same_as = models.JSONField(_("means the same as"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["language", "term"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "term"], name="kb_synonym_one_per_word",
                violation_error_message=_("This word has an entry already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.term


class IndexVersion(models.Model):
    """Counts up with every change of content: each process then rebuilds its index."""

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of the search index")

    def __str__(self) -> str:
        return str(self.number)
