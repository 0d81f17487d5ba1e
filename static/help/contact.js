// Articles that may answer a request, while it is typed; and one click sends once.
"use strict";

const form = document.querySelector("form[data-suggest].help-form");
if (form) {
  const { subject, body: description } = form.elements;
  const status = form.querySelector("[data-found]");
  const found = form.querySelector(".help-found");
  const list = found.querySelector("ul");
  let timer = 0, asked = "", wait = 0;

  const link = (hit) => {
    const item = document.createElement("li");
    const anchor = document.createElement("a");
    anchor.href = hit.url;
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = hit.title;
    item.append(anchor, ` ${list.dataset.newTab}`);
    return item;
  };

  const show = (hits) => {
    const same = hits.map((hit) => hit.url).join() === [...list.querySelectorAll("a")].map((each) => each.getAttribute("href")).join();
    if (!same) list.replaceChildren(...hits.map(link));
    found.hidden = hits.length === 0;
    // Said once for each list: a new one while somebody types is news, the same is not.
    if (!same) status.textContent = hits.length ? status.dataset.found.replace("%(count)s", hits.length) : "";
  };

  const ask = async () => {
    const typed = { subject: subject.value.trim(), body: description.value.trim() };
    const text = JSON.stringify(typed);
    if (text === asked || Date.now() < wait) return;
    asked = text;
    if (typed.subject.length + typed.body.length < 4) return show([]);
    const body = new URLSearchParams({ ...typed, visit: form.elements.visit.value, language: form.dataset.language });
    const headers = { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    try {
      const answer = await fetch(form.dataset.suggest, { method: "POST", body, headers });
      if (answer.status === 429) wait = Date.now() + 1000 * Number(answer.headers.get("Retry-After") || 60);
      if (answer.ok && asked === text) show((await answer.json()).hits);
    } catch {
      // Suggestions are an extra: the form works without.
    }
  };

  // A description is longer than a subject: wait until its writer pauses.
  for (const [field, pause] of [[subject, 350], [description, 900]]) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, pause);
    });
  }
  if (subject.value || description.value) ask();

  form.addEventListener("submit", () => {
    const button = form.querySelector("button");
    // After the form was read: a disabled button would not be part of it.
    setTimeout(() => { button.disabled = true; });
  });
  addEventListener("pageshow", () => { form.querySelector("button").disabled = false; });
}
