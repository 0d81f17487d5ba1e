"""Addresses of our pages, and what a browser would send from their forms."""

from django.urls import reverse


def address(name: str, *args: object) -> str:
    """Return the address of a page of promises."""
    return reverse(f"sla:{name}", args=args)


def form_data(form) -> dict:
    """What a browser would send for a form as it is shown."""
    sent = {}
    for field in form:
        value = field.value()
        if value in (None, "", [], False):
            continue
        sent[field.html_name] = "on" if value is True else value
    return sent


def calendar_data(client, page: str) -> dict:
    context = client.get(page).context
    sent = form_data(context["form"])
    exceptions = context["exceptions"]
    sent |= form_data(exceptions.management_form)
    sent["ex-INITIAL_FORMS"] = sent.get("ex-INITIAL_FORMS", 0)
    for form in exceptions:
        sent |= form_data(form)
    return sent
