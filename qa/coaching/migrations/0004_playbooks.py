"""The seven common issues and how to coach each; a support lead may reword them."""

from django.db import migrations

PLAYBOOKS = (
    {
        "key": "technical-gaps",
        "title": "Technical gaps",
        "criterion_key": "solution_quality",
        "root_cause_kind": "KNOWLEDGE",
        "signs": (
            "Wrong or half-right answers in one product area.\n"
            "Long waits before the first useful reply, or many questions to colleagues.\n"
            "Tickets reopened because the fix did not hold."
        ),
        "approach": (
            "Pair with a specialist of that area for a few tickets: first watch, then "
            "swap seats.\n"
            "Assign one course or article, and talk about it afterwards.\n"
            "Choose three old tickets of the area and solve them again together.\n"
            "Agree on when to ask, and whom, before an answer goes out."
        ),
        "resources": (
            "Specialist of the area\nTraining of the product area\n"
            "Solved tickets marked as worth showing"
        ),
    },
    {
        "key": "communication",
        "title": "Communication issues",
        "criterion_key": "communication",
        "root_cause_kind": "SKILL",
        "signs": (
            "Customers ask back what was meant.\n"
            "Replies read like a log file, too casual or too stiff.\n"
            "No next step, or no date for it."
        ),
        "approach": (
            "Read two of the agent's own replies aloud, and two good ones beside them.\n"
            "Rewrite one reply together, then let the agent rewrite the next alone.\n"
            "Agree on a shape: what I understood, the answer, the next step.\n"
            "Look at five replies of the following week against that shape."
        ),
        "resources": "Style guide\nReplies marked as worth showing",
    },
    {
        "key": "process",
        "title": "Process not followed",
        "criterion_key": "process_adherence",
        "root_cause_kind": "PROCESS",
        "signs": (
            "Fields left empty, wrong category, no internal note at a hand-over.\n"
            "Steps of the procedure skipped, the same ones again and again."
        ),
        "approach": (
            "Explain what each skipped step is for, and who pays when it is missing.\n"
            "Ask what makes the step hard: a step that nobody can do is our fault, not "
            "theirs.\n"
            "Let the agent sit beside somebody who does it well for an hour.\n"
            "Use the checklist on the next five tickets, then without it."
        ),
        "resources": "Procedure and its reasons\nA colleague to sit with\nChecklist",
    },
    {
        "key": "efficiency",
        "title": "Efficiency problems",
        "criterion_key": "efficiency",
        "root_cause_kind": "TOOL",
        "signs": (
            "Handling takes far longer than that of similar tickets.\n"
            "Many tickets begun, few finished; promises kept at the last minute.\n"
            "Typing what a template or a shortcut would do."
        ),
        "approach": (
            "Watch two tickets being worked without a word, and note where time goes.\n"
            "Teach the two tools that would have saved most of it.\n"
            "Plan the day: finish before beginning, a fixed time for the queue.\n"
            "Watch quality meanwhile: faster and wrong is slower."
        ),
        "resources": "Keyboard shortcuts and templates\nTraining of the tools",
    },
    {
        "key": "empathy",
        "title": "Empathy lacking",
        "criterion_key": "customer_experience",
        "root_cause_kind": "WILL",
        "signs": (
            "The right answer, and still an annoyed customer.\n"
            "Nothing about what the problem means for the customer's day.\n"
            "Low satisfaction where the solution was right."
        ),
        "approach": (
            "Play a hard conversation, each being the customer once.\n"
            "Read what two customers wrote about how it felt, good and bad.\n"
            "Find one sentence of one's own that shows it was understood.\n"
            "Ask also how the agent is: tired people have little to give."
        ),
        "resources": "Comments of customers\nA role-play with the coach",
    },
    {
        "key": "over-escalation",
        "title": "Escalates too much",
        "criterion_key": "",
        "root_cause_kind": "",
        "signs": (
            "Tickets come back from the next level with an answer the agent had.\n"
            "Escalated without anything tried, or to be on the safe side."
        ),
        "approach": (
            "Walk through the decision tree with three escalated tickets: where would "
            "it have led?\n"
            "Show how often the agent's own proposal was right.\n"
            "Before an escalation: write down what was tried and what you would do.\n"
            "Praise the ones solved without."
        ),
        "resources": "Decision tree of escalation\nA colleague to ask before escalating",
    },
    {
        "key": "under-escalation",
        "title": "Escalates too late",
        "criterion_key": "",
        "root_cause_kind": "",
        "signs": (
            "Long silence, then a missed promise.\n"
            "Urgent tickets kept alone; the next level hears of them from the customer."
        ),
        "approach": (
            "Go through the criteria of escalation with two late tickets.\n"
            "Set a time after which one asks, whatever one hopes.\n"
            "Say clearly that an early question is never held against anybody.\n"
            "Agree on a safety net: who looks over the open tickets at which hour."
        ),
        "resources": "Criteria of escalation\nThe lead's daily look at open tickets",
    },
)


def write(apps, schema_editor):
    playbook = apps.get_model("coaching", "Playbook")
    for position, content in enumerate(PLAYBOOKS, 1):
        playbook.objects.get_or_create(
            key=content["key"], defaults={**content, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("coaching", "0003_roles")]

    # Going back leaves them: they may have been reworded, and sessions point to them.
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
