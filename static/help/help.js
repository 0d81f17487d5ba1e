// Suggestions beneath a search field: a combobox with a list (ARIA 1.2). Without this
// script the form is a plain search.
"use strict";

for (const form of document.querySelectorAll("form.help-search")) {
  const input = form.querySelector("input[type=search]");
  const list = form.querySelector("[role=listbox]");
  const status = form.querySelector("[role=status]");
  const known = new Map();
  let timer = 0, asked = "", at = -1, wait = 0;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };

  // Beyond either end lies the field itself: -1.
  const mark = (next) => {
    const options = [...list.children];
    at = next < options.length ? next : -1;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    if (at < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options[at].id);
  };

  const option = (hit, n) => {
    const item = document.createElement("li");
    item.id = `${list.id}-${n}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.url = hit.url;
    for (const [text, isMatch] of hit.pieces) {
      const piece = document.createElement(isMatch ? "mark" : "span");
      piece.textContent = text;
      item.append(piece);
    }
    return item;
  };

  const show = (hits) => {
    list.replaceChildren(...hits.map(option));
    at = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = hits.length === 0;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    status.textContent = hits.length
      ? form.dataset.some.replace("%(count)s", hits.length) : form.dataset.none;
  };

  const ask = async () => {
    const text = input.value.trim();
    asked = text;
    if (text.length < 2) return close();
    if (known.has(text)) return show(known.get(text));
    if (Date.now() < wait) return;
    const query = new URLSearchParams({ q: text, language: form.elements.language?.value ?? "" });
    try {
      const answer = await fetch(`${form.dataset.suggest}?${query}`, { headers: { Accept: "application/json" } });
      // Too much at once: be quiet as long as we are told.
      if (answer.status === 429) wait = Date.now() + 1000 * Number(answer.headers.get("Retry-After") || 60);
      if (!answer.ok) return close();
      const { hits } = await answer.json();
      known.set(text, hits);
      if (asked === text && document.activeElement === input) show(hits);
    } catch {
      close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && list.children.length) {
      event.preventDefault();
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      if (event.key === "ArrowDown") mark(at + 1);
      else mark(at < 0 ? list.children.length - 1 : at - 1);
    } else if (event.key === "Enter" && !list.hidden && list.children[at]) {
      event.preventDefault();
      location.assign(list.children[at].dataset.url);
    }
  });
  // The field keeps the focus while an option is clicked.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) location.assign(item.dataset.url);
  });
  input.addEventListener("blur", close);
}

// A slash leads to the search, from wherever nothing is being typed.
addEventListener("keydown", (event) => {
  const field = document.querySelector("form.help-search input[type=search]");
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || !field || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// A table that is wider than the page says so, and how its far columns are reached.
for (const table of document.querySelectorAll("[data-table] .so-table-scroll")) {
  const hint = document.createElement("p");
  hint.className = "help-hint";
  hint.textContent = table.closest("[data-table]").dataset.table;
  hint.hidden = true;
  hint.id = `table-hint-${document.querySelectorAll("[id^=table-hint-]").length}`;
  table.before(hint);
  const look = () => {
    const isWide = table.scrollWidth > table.clientWidth + 1;
    hint.hidden = !isWide;
    // Only what scrolls is a place for the keyboard.
    if (isWide) table.tabIndex = 0;
    else table.removeAttribute("tabindex");
    table.toggleAttribute("data-more-before", isWide && table.scrollLeft > 1);
    table.toggleAttribute("data-more-after", isWide && table.scrollLeft + table.clientWidth < table.scrollWidth - 1);
    if (isWide) {
      table.setAttribute("role", "region");
      table.setAttribute("aria-labelledby", hint.id);
    } else {
      table.removeAttribute("role");
      table.removeAttribute("aria-labelledby");
    }
  };
  table.addEventListener("scroll", look, { passive: true });
  new ResizeObserver(look).observe(table);
}

// On a narrow page the contents begin folded: the text comes first.
if (matchMedia("(max-width: 59.99rem)").matches) {
  document.querySelector(".help-contents")?.removeAttribute("open");
}

document.querySelector(".help-errors")?.focus();
