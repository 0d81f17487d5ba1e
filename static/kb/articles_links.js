// Links of an article: one dialog asks for text and address, the other finds an article.
(function () {
  "use strict";

  const form = document.getElementById("ka-editor");
  const plain = document.getElementById("ka-link");
  const picker = document.getElementById("ka-article");
  if (!form || !plain || !picker) return;
  const body = form.elements.body;
  const ALLOWED = /^(https?:\/\/[^\s/]|mailto:\S+@\S|tel:[+\d(]|\/|#.)/i;
  // Typed without its beginning, as people say it: www.example.com/page
  const HOST = /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}([/?#]\S*)?$/i;
  const SEARCH_AFTER = 200;

  function chosen() {
    return body.value.slice(body.selectionStart, body.selectionEnd).replace(/\s+/g, " ").trim();
  }

  // Closing a dialog gives the text its focus back, but the cursor stands at its start.
  let place = null;

  function open(dialog, field) {
    place = [body.selectionStart, body.selectionEnd];
    dialog.showModal();
    field.focus();
  }

  function write(text, address) {
    if (place) body.setSelectionRange(place[0], place[1]);
    place = null;
    const words = text.replace(/[\[\]\\]/g, "\\$&");
    const target = /[()\s]/.test(address) ? "<" + address + ">" : address;
    form.dispatchEvent(new CustomEvent("ka:write", { detail: "[" + words + "](" + target + ")" }));
  }

  // A button of the dialog adds; Enter in a field does the same.
  function onAdd(dialog, add) {
    dialog.querySelector("[data-add]").addEventListener("click", add);
    dialog.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target.tagName === "INPUT") {
        event.preventDefault();
        add();
      }
    });
    dialog.addEventListener("close", function () {
      body.focus();
      if (place) body.setSelectionRange(place[0], place[1]);
    });
  }

  // Another page ---------------------------------------------------------------------------

  const text = plain.querySelector("[data-text]");
  const address = plain.querySelector("[data-address]");
  const refusal = plain.querySelector("[data-refusal]");

  function openPlain() {
    const words = chosen();
    const isAddress = ALLOWED.test(words);
    text.value = isAddress ? "" : words;
    address.value = isAddress ? words : "";
    refusal.hidden = true;
    open(plain, text.value ? address : text);
  }

  function refuse(field, words) {
    refusal.textContent = words;
    refusal.hidden = false;
    field.focus();
  }

  onAdd(plain, function () {
    const words = text.value.trim(), typed = address.value.trim();
    const target = HOST.test(typed) ? "https://" + typed : typed;
    if (!words) { refuse(text, refusal.dataset.wordsText); return; }
    if (!ALLOWED.test(target)) { refuse(address, refusal.dataset.wordsAddress); return; }
    plain.close();
    write(words, target);
  });

  // An article -----------------------------------------------------------------------------

  const search = picker.querySelector("[data-search]");
  const list = picker.querySelector("[data-list]");
  const found = picker.querySelector("[data-found]");
  const title = picker.querySelector("[data-text]");
  const add = picker.querySelector("[data-add]");
  let articles = [];
  let active = -1;
  let timer = 0;
  let count = 0;

  function openPicker() {
    title.value = chosen();
    search.value = "";
    open(picker, search);
    look();
  }

  async function look() {
    const mine = ++count;
    try {
      const answer = await fetch(form.dataset.choices + "?q=" + encodeURIComponent(search.value));
      if (!answer.ok) throw new Error(answer.status);
      const told = await answer.json();
      // An answer that was overtaken by a later one is old.
      if (mine === count) draw(told.articles);
    } catch {
      if (mine === count) found.textContent = found.dataset.wordsFailed;
    }
  }

  function draw(rows) {
    articles = rows;
    list.replaceChildren();
    rows.forEach(function (each, place) {
      const row = document.createElement("li");
      row.id = "ka-choice-" + place;
      row.setAttribute("role", "option");
      const name = document.createElement("b");
      name.textContent = each.title;
      name.lang = each.language;
      const more = document.createElement("span");
      more.className = "so-note";
      more.textContent = [each.topic, each.audience, each.language, each.slug].join(" · ");
      row.append(name, more);
      row.addEventListener("click", function () { choose(place); });
      row.addEventListener("dblclick", addArticle);
      list.append(row);
    });
    found.textContent = rows.length ? rows.length + " " + found.dataset.wordsSome : found.dataset.wordsNone;
    choose(rows.length ? 0 : -1);
  }

  function choose(place) {
    active = place;
    Array.from(list.children).forEach(function (row, number) {
      row.setAttribute("aria-selected", String(number === place));
    });
    add.disabled = place < 0;
    if (place < 0) { search.removeAttribute("aria-activedescendant"); return; }
    search.setAttribute("aria-activedescendant", "ka-choice-" + place);
    list.children[place].scrollIntoView({ block: "nearest" });
  }

  function addArticle() {
    const article = articles[active];
    if (!article) return;
    picker.close();
    write(title.value.trim() || article.title, "article:" + article.slug);
  }

  onAdd(picker, addArticle);
  search.addEventListener("input", function () {
    window.clearTimeout(timer);
    timer = window.setTimeout(look, SEARCH_AFTER);
  });
  search.addEventListener("keydown", function (event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !articles.length) return;
    event.preventDefault();
    choose((active + step + articles.length) % articles.length);
  });

  form.querySelector(".ka-tools").addEventListener("click", function (event) {
    const button = event.target.closest("[data-open]");
    if (!button) return;
    if (button.dataset.open === "ka-link") openPlain(); else openPicker();
  });
  body.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPlain();
    }
  });
})();
