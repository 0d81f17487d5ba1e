"""What the standard topics are called in German and Japanese, where they have their names still."""

from typing import Any

from django.db import migrations

WORDS = (
    ("getting-started", "Getting started", (
        ("de", "Erste Schritte", "Einrichtung, erste Schritte, Grundlagen."),
        ("ja", "はじめに", "設定、最初の手順、基本操作。"),
    )),
    ("how-to", "How-to guides", (
        ("de", "Anleitungen", "Wie eine Aufgabe erledigt wird, Schritt für Schritt."),
        ("ja", "操作ガイド", "作業の手順を順番に説明します。"),
    )),
    ("troubleshooting", "Troubleshooting", (
        ("de", "Problemlösung", "Meldungen und Probleme, mit Ursache und Lösung."),
        ("ja", "トラブルシューティング", "メッセージや問題の原因と解決方法。"),
    )),
    ("reference", "Reference", (
        ("de", "Referenz", "Einstellungen, Grenzen und Schnittstellen im Detail."),
        ("ja", "リファレンス", "設定、制限、インターフェースの詳細。"),
    )),
    ("faq", "Questions and answers", (
        ("de", "Fragen und Antworten", "Kurze Antworten auf häufige Fragen."),
        ("ja", "よくある質問", "よくある質問への短い回答。"),
    )),
    ("release-notes", "Release notes", (
        ("de", "Versionshinweise", "Was neu, geändert und behoben ist."),
        ("ja", "リリースノート", "新機能、変更点、修正内容。"),
    )),
    ("best-practices", "Best practices", (
        ("de", "Gut gelöst", "Was sich bewährt hat, und für wen."),
        ("ja", "ベストプラクティス", "効果のある使い方と、向いている場面。"),
    )),
)  # fmt: skip


def add_words(apps: Any, schema_editor: Any) -> None:
    topic_model = apps.get_model("kb", "Topic")
    translation_model = apps.get_model("kb", "TopicTranslation")
    for slug, name, words in WORDS:
        topic = topic_model.objects.filter(slug=slug, name=name).first()
        if topic is not None:
            translation_model.objects.bulk_create(
                translation_model(
                    topic=topic, language=code, name=called, description=description
                )
                for code, called, description in words
            )


class Migration(migrations.Migration):
    dependencies = [("kb", "0006_assistant_rules")]

    operations = [
        # Taking it back drops the table with the migration before.
        migrations.RunPython(add_words, migrations.RunPython.noop)
    ]
