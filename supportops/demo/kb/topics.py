"""What the demo's own topics are called in the other languages of its help centre."""

from kb.services.articles import TopicWords

CALLED = {
    "API and webhooks": ("API und Webhooks", "API と Webhook"),
    "Bank": ("Bank", "銀行連携"),
    "Invoices and templates": ("Rechnungen und Vorlagen", "請求書とテンプレート"),
    "Sign-in": ("Anmeldung", "サインイン"),
    "Signing in": ("Anmelden", "サインインできないとき"),
    "Your subscription": ("Ihr Abonnement", "ご契約"),
}


def called(name: str) -> dict[str, TopicWords]:
    """Return a topic's name in German and Japanese."""
    german, japanese = CALLED[name]
    return {"de": TopicWords(german), "ja": TopicWords(japanese)}
