"""What the invented company's customers look for, in their own words.

Each question knows the article that answers it. Four have none: two are about reports,
which the help centre leaves out although customers write tickets about them, one is about
electronic invoices, and one is a wish rather than a question.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Question:
    """Something that customers want to know.

    ``target`` is the address of the article that answers, empty where none does;
    ``share`` weighs it against the others; ``subjects`` are ticket subjects of the story
    that ask the same; ``is_api`` rises and falls with the trouble of the bad month. The target of another
    ``language`` is a translation.
    """

    target: str
    share: float
    phrases: tuple[str, ...]
    subjects: tuple[str, ...] = field(default=())
    is_api: bool = False
    language: str = "en"


QUESTIONS = (
    Question(
        "cannot-sign-in",
        8.5,
        (
            "wrong password after reset", "cannot sign in", "can't log in",
            "password not accepted", "login not working", "sign in problem",
            "wrong password but i just changed it", "login failed",
            "cant login after password reset",
        ),
        ("Cannot sign in after password reset",),
    ),
    Question(
        "change-your-password",
        7.0,
        (
            "reset password", "change password", "forgot password", "new password",
            "password reset link", "lost my password", "password reset email not arriving",
        ),
    ),
    Question(
        "two-factor-code-refused",
        6.0,
        (
            "2fa code not working", "two factor code refused", "code never accepted",
            "authenticator code wrong", "new phone 2fa", "lost phone two factor",
            "verification code invalid", "recovery code",
        ),
        ("Two-factor code is never accepted",),
    ),
    Question(
        "turn-on-two-factor",
        2.4,
        (
            "turn on two factor", "set up 2fa", "enable authenticator",
            "two step verification", "recovery codes", "2fa for everybody",
        ),
    ),
    Question(
        "account-locked",
        4.4,
        (
            "account locked", "unlock account", "locked out", "colleague is locked out",
            "too many attempts", "account blocked", "unlock user",
        ),
        ("Account locked for a colleague",),
    ),
    Question(
        "single-sign-on-loop",
        2.8,
        (
            "sso loop", "single sign on goes in circles", "sso redirects forever",
            "too many redirects", "company login not working", "saml error",
        ),
        ("Single sign-on sends me in a circle",),
    ),
    Question(
        "invite-your-team",
        3.6,
        (
            "invite user", "add colleague", "invitation link expired", "add new user",
            "invite my team", "resend invitation", "how many seats",
        ),
        ("Invitation link has expired",),
    ),
    Question(
        "roles-and-permissions",
        1.8,
        (
            "user roles", "permissions", "admin rights", "what can an accountant do",
            "make somebody owner", "access for bookkeeper",
        ),
    ),
    Question(
        "bank-feed-not-updating",
        4.6,
        (
            "bank feed not updating", "bank sync stopped", "no new payments",
            "bank feed stuck since friday", "bank connection lost", "refresh bank",
            "payments missing from bank", "consent ended",
        ),
        ("Bank feed has not updated",),
    ),
    Question(
        "payments-matched-wrongly",
        3.4,
        (
            "payment matched to wrong invoice", "undo match", "wrong match",
            "match payment by hand", "payment on paid invoice", "unmatch payment",
            "assign payment to invoice",
        ),
        ("Payments matched to the wrong invoice",),
    ),
    Question(
        "reconciliation-parameters",
        1.5,
        (
            "matching rules", "automatic matching settings", "reconciliation tolerance",
            "change matching threshold", "cash discount matching",
        ),
    ),
    Question(
        "connect-your-bank",
        2.6,
        (
            "connect bank", "add bank account", "link my bank", "online banking import",
            "which banks", "upload bank statement",
        ),
    ),
    Question(
        "charged-twice",
        5.0,
        (
            "charged twice", "double charge", "refund", "billed two times",
            "two payments this month", "money back", "duplicate charge on card",
        ),
        ("Charged twice this month",),
    ),
    Question(
        "billing-questions",
        3.2,
        (
            "card declined", "payment failed", "change credit card", "copy of my bill",
            "pay by bank transfer", "non profit discount", "update payment method",
        ),
        ("Card was declined, is our account safe?",),
    ),
    Question(
        "change-your-plan",
        3.4,
        (
            "change plan", "upgrade", "cancel subscription", "yearly payment",
            "downgrade plan", "price of team plan", "pricing",
        ),
        ("Please change our plan",),
    ),
    Question(
        "add-your-vat-number",
        2.8,
        (
            "vat number", "vat number missing on invoice", "add vat id",
            "reverse charge", "tax id on bill", "vat missing",
        ),
        ("VAT number missing on our invoice",),
    ),
    Question(
        "logo-cut-off",
        2.8,
        (
            "logo cut off", "logo cropped in pdf", "logo too big",
            "logo missing right edge", "pdf header cut",
        ),
        ("Logo is cut off in the PDF",),
    ),
    Question(
        "put-your-logo-on-invoices",
        1.8,
        ("add logo", "upload logo", "change logo on invoice", "letterhead", "branding"),
    ),
    Question(
        "add-a-second-language",
        2.6,
        (
            "invoice in french", "second language", "translate invoice",
            "german invoice", "invoice language", "bilingual invoice",
        ),
        ("How do I add a second language?",),
    ),
    Question(
        "invoice-questions",
        2.6,
        (
            "footer printed twice", "footer twice", "invoice number change",
            "invoice in dollars", "rounding one cent", "attach file to invoice",
        ),
        ("Footer is printed twice",),
    ),
    Question(
        "correct-a-sent-invoice",
        3.4,
        (
            "credit note", "cancel invoice", "edit sent invoice", "wrong invoice sent",
            "correct an invoice", "delete invoice",
        ),
    ),
    Question(
        "send-your-first-invoice",
        2.2,
        (
            "create invoice", "send invoice", "first invoice", "write an invoice",
            "customer did not receive invoice",
        ),
    ),
    Question(
        "archive-a-customer",
        2.2,
        (
            "archive customer", "delete customer", "remove a client", "hide customer",
            "restore customer",
        ),
        ("How do I archive a customer?",),
    ),
    Question(
        "get-paid-sooner",
        1.6,
        (
            "payment reminder", "customer does not pay", "overdue invoices",
            "late payment", "send reminder",
        ),
    ),
    Question(
        "set-up-your-account",
        1.2,
        ("getting started", "set up account", "company details", "first steps"),
    ),
    Question(
        "api-error-500",
        2.6,
        (
            "api 500", "internal server error", "500 when creating invoices",
            "api error post invoices", "api down", "server error invoices api",
        ),
        ("API returns 500 when creating invoices",),
        is_api=True,
    ),
    Question(
        "too-many-requests",
        2.2,
        (
            "429", "rate limit", "too many requests", "api limit", "429 error",
            "requests per minute",
        ),
        ("429 responses since the weekend",),
        is_api=True,
    ),
    Question(
        "webhooks-stopped",
        2.4,
        (
            "webhook not received", "webhooks stopped", "webhook deliveries",
            "webhook endpoint switched off", "missed events",
        ),
        ("Webhook deliveries stopped",),
        is_api=True,
    ),
    Question(
        "webhooks",
        2.0,
        (
            "webhook signature", "signature check fails", "signing secret",
            "webhook events", "verify webhook hmac",
        ),
        ("Signature check of webhooks fails",),
        is_api=True,
    ),
    Question(
        "create-an-api-key",
        1.8,
        ("api key", "api token", "401 unauthorized", "403 api", "bearer token"),
        is_api=True,
    ),
    Question(
        "api-version-3",
        2.0,
        (
            "api v3", "api version 3 migration", "pagination skips invoices",
            "api pagination", "version 2 end", "upgrade to api v3",
        ),
        ("Pagination skips invoices",),
        is_api=True,
    ),
    Question(
        "change-your-password.ja",
        0.9,
        ("パスワード 変更", "パスワードを忘れた", "パスワード 再設定", "サインインできない"),
        language="ja",
    ),
    Question(
        "send-your-first-invoice.ja",
        0.7,
        ("請求書 送る", "請求書の作成", "最初の請求書", "請求書 再送"),
        language="ja",
    ),
    Question(
        "change-your-password.de",
        0.8,
        (
            "passwort vergessen", "passwort ändern", "passwort zurücksetzen",
            "neues passwort",
        ),
        language="de",
    ),
    Question(
        "two-factor-code-refused.de",
        0.4,
        (
            "code wird nicht angenommen", "zwei-faktor-code falsch", "2fa code ungültig",
            "neues handy 2fa",
        ),
        language="de",
    ),
    Question(
        "charged-twice.de",
        0.35,
        ("doppelt abgebucht", "zweimal bezahlt", "doppelte abbuchung"),
        language="de",
    ),
    Question(
        "connect-your-bank.de",
        0.35,
        ("bankkonto verbinden", "konto verknüpfen", "bank anbinden"),
        language="de",
    ),
    Question(
        "invite-your-team.de",
        0.3,
        ("kollegen einladen", "benutzer hinzufügen", "mitarbeiter anlegen"),
        language="de",
    ),
    Question(
        "charged-twice.ja",
        0.3,
        ("二重請求", "二重に請求された", "2回引き落とし"),
        language="ja",
    ),
    # Nothing answers these.
    Question(
        "",
        0.4,
        ("mahnung schreiben", "mahngebühren", "zahlungserinnerung senden"),
        language="de",
    ),
    Question(
        "",
        0.3,
        ("steuerberater zugang", "datev export"),
        language="de",
    ),
    Question(
        "",
        0.3,
        ("領収書 発行", "領収書 ダウンロード", "適格請求書"),
        language="ja",
    ),
    Question(
        "",
        3.4,
        (
            "export stops at 10,000 rows", "csv export 10,000 rows", "export limit",
            "export all rows", "csv incomplete", "export cut off",
        ),
        ("Export stops at 10,000 rows",),
    ),
    Question(
        "",
        2.8,
        (
            "scheduled report did not arrive", "scheduled report", "report by email",
            "weekly report missing", "schedule report", "report not sent",
        ),
        ("Scheduled report did not arrive",),
    ),
    Question(
        "",
        1.4,
        ("xrechnung", "zugferd", "peppol", "e-rechnung", "einvoicing xml"),
    ),
    Question(
        "",
        1.3,
        (
            "revenue report wrong month", "revenue report", "report wrong month",
            "turnover by month",
        ),
        ("Revenue report shows the wrong month",),
    ),
    Question(
        "",
        0.9,
        ("dark invoices", "dark invoice", "invoices dark background"),
        ("Feature request: dark invoices",),
    ),
)  # fmt: skip

OPENINGS = ("how do i", "how to", "where can i", "help with", "problem with", "why")
ENDINGS = ("lumen ledger", "help", "please", "not possible", "?")

SYNONYMS = (
    ("bill", ("invoice",)),
    ("2fa", ("two-factor", "two factor", "second factor")),
    ("sso", ("single sign-on", "company login")),
    ("login", ("sign in", "sign-in", "log in")),
    ("client", ("customer",)),
    ("user", ("colleague", "people")),
    ("delete", ("archive", "cancel", "erase")),
    ("refund", ("money back", "pay back")),
    ("storno", ("credit note", "cancel")),
    ("rate limit", ("429", "too many requests")),
    ("token", ("api key",)),
    ("sync", ("feed", "update")),
    ("reconcile", ("match",)),
    ("letterhead", ("logo", "header")),
    ("dunning", ("reminder",)),
)
