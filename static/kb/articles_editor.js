// The editor of an article: toolbar, live preview, saving as one types, other words as
// chips. Without it the form saves by its buttons.
(function () {
  "use strict";

  const form = document.getElementById("ka-editor");
  if (!form) return;
  const body = form.elements.body;
  const status = form.querySelector("[data-status]");
  const conflict = form.querySelector("[data-conflict]");
  const SAVE_AFTER = 2500;
  const PREVIEW_AFTER = 400;

  let saved = snapshot();
  let isSaving = false;
  let isBlocked = !conflict.hidden;
  let saveTimer = 0;
  let previewTimer = 0;
  let previewCount = 0;

  function snapshot() {
    return ["title", "summary", "body", "keywords"]
      .map(function (name) { return form.elements[name].value; }).join("\u0000");
  }

  function isDirty() { return snapshot() !== saved; }

  function say(words, isBad) {
    status.textContent = words;
    status.classList.toggle("late", Boolean(isBad));
  }

  // Text -----------------------------------------------------------------------------------

  // execCommand keeps the browser's own undo; setRangeText does not.
  function put(text, start, end) {
    body.focus();
    body.setSelectionRange(start, end);
    if (!document.execCommand || !document.execCommand("insertText", false, text)) {
      body.setRangeText(text, start, end, "end");
      body.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  function wrap(mark) {
    const start = body.selectionStart, end = body.selectionEnd;
    const chosen = body.value.slice(start, end);
    put(mark + chosen + mark, start, end);
    body.setSelectionRange(start + mark.length, start + mark.length + chosen.length);
  }

  function markLines(mark) {
    const start = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
    const after = body.value.indexOf("\n", body.selectionEnd);
    const end = after < 0 ? body.value.length : after;
    const lines = body.value.slice(start, end).split("\n");
    const has = lines.every(function (line) { return line.startsWith(mark); });
    put(lines.map(function (line) {
      return has ? line.slice(mark.length) : mark + line.replace(/^(#+ |- |\d+\. )/, "");
    }).join("\n"), start, end);
  }

  // GitHub's way: the mark on a line of its own, then the text.
  function callout(kind) {
    const chosen = body.value.slice(body.selectionStart, body.selectionEnd).trim();
    block("> [!" + kind + "]\n" + chosen.split("\n").map(function (line) { return "> " + line; }).join("\n"));
  }

  function block(text) {
    const start = body.selectionStart;
    const before = body.value.slice(0, start);
    const gap = !before ? "" : before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    // Without an empty line after it, the next line would go on with the block.
    const rest = body.value.slice(body.selectionEnd);
    const end = !rest || rest.startsWith("\n") ? "\n" : "\n\n";
    put(gap + text + end, start, body.selectionEnd);
    const place = start + gap.length + text.length;
    body.setSelectionRange(place, place);
  }

  form.querySelector(".ka-tools").addEventListener("click", function (event) {
    const button = event.target.closest("button");
    if (!button) return;
    const data = button.dataset;
    if (data.wrap) wrap(data.wrap);
    else if (data.line) markLines(data.line);
    else if (data.block) block(data.block);
    else if (data.callout) {
      button.closest("details").open = false;
      callout(data.callout);
    }
  });

  const menu = form.querySelector(".ka-menu");
  menu.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", function (event) {
    if (!menu.contains(event.target)) menu.open = false;
  });

  form.querySelector("[data-insert-template]").addEventListener("click", function () {
    body.setSelectionRange(body.value.length, body.value.length);
    block(form.querySelector("[data-template]").textContent);
  });

  // Other words ----------------------------------------------------------------------------

  const chips = form.querySelector("[data-keywords]");
  const word = document.getElementById("ka-word");
  const lines = form.querySelector("[data-keywords-text]");

  function words() {
    return lines.value.split("\n").map(function (each) { return each.trim(); }).filter(Boolean);
  }

  function setWords(list) {
    lines.value = list.join("\n");
    lines.dispatchEvent(new Event("input", { bubbles: true }));
    drawWords();
  }

  function drawWords() {
    chips.querySelectorAll(".so-chip").forEach(function (chip) { chip.remove(); });
    words().forEach(function (each) {
      const chip = document.createElement("span");
      chip.className = "so-chip idle";
      chip.textContent = each + " ";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", form.dataset.wordsRemove + ": " + each);
      remove.addEventListener("click", function () {
        setWords(words().filter(function (other) { return other !== each; }));
        word.focus();
      });
      chip.append(remove);
      chips.insertBefore(chip, word);
    });
  }

  function addWords() {
    const added = word.value.split(/[,;\n]/).map(function (each) { return each.trim(); }).filter(Boolean);
    if (!added.length) return;
    word.value = "";
    setWords(Array.from(new Set(words().concat(added))));
  }

  word.hidden = false;
  lines.hidden = true;
  lines.value = words().join("\n");
  saved = snapshot();
  drawWords();
  word.addEventListener("keydown", function (event) {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      addWords();
    } else if (event.key === "Backspace" && !word.value) {
      setWords(words().slice(0, -1));
    }
  });
  word.addEventListener("blur", addWords);

  // Places left from the template ----------------------------------------------------------

  const places = form.querySelector("[data-places]");
  const placesList = form.querySelector("[data-places-list]");

  function showPlaces(list) {
    places.hidden = !list.length;
    placesList.replaceChildren();
    list.forEach(function (text) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "so-chip watch";
      button.dataset.place = "";
      button.textContent = text;
      placesList.append(button, " ");
    });
  }

  placesList.addEventListener("click", function (event) {
    const button = event.target.closest("[data-place]");
    if (!button) return;
    const field = [body, form.elements.title, form.elements.summary].find(function (each) {
      return each.value.includes(button.textContent);
    });
    if (!field) return;
    const start = field.value.indexOf(button.textContent);
    field.focus();
    field.setSelectionRange(start, start + button.textContent.length);
    if (field === body) {
      const share = start / Math.max(1, body.value.length);
      body.scrollTop = share * body.scrollHeight - body.clientHeight / 3;
    }
  });

  // Preview --------------------------------------------------------------------------------

  const html = form.querySelector("[data-preview-html]");
  const problems = form.querySelector("[data-problems]");
  const problemsList = form.querySelector("[data-problems-list]");
  const count = form.querySelector("[data-count]");

  function fields(names) {
    const data = new FormData();
    ["csrfmiddlewaretoken"].concat(names).forEach(function (name) {
      data.append(name, form.elements[name].value);
    });
    return data;
  }

  async function preview() {
    const mine = ++previewCount;
    let answer;
    try {
      answer = await fetch(form.dataset.preview, { method: "POST", body: fields(["title", "summary", "body"]) });
      if (!answer.ok) return;
      answer = await answer.json();
    } catch { return; }
    // An answer that was overtaken by a later one is old.
    if (mine !== previewCount) return;
    // The server has cleaned it: kb.core.markdown lets only listed tags pass.
    html.innerHTML = answer.html;
    count.textContent = answer.words + " " + form.dataset.wordsCount;
    showPlaces(answer.places);
    problems.hidden = !answer.problems.length;
    problemsList.replaceChildren();
    answer.problems.forEach(function (each) {
      const row = document.createElement("li");
      const code = document.createElement("code");
      code.textContent = each.target;
      row.append(code, " " + each.words);
      row.classList.toggle("ka-moved", !each.is_broken);
      problemsList.append(row);
    });
  }

  // Saving ---------------------------------------------------------------------------------

  async function save() {
    window.clearTimeout(saveTimer);
    if (isSaving || isBlocked || !isDirty()) return;
    isSaving = true;
    const sent = snapshot();
    say(form.dataset.wordsSaving);
    try {
      const answer = await fetch(form.dataset.save, {
        method: "POST",
        body: fields(["title", "summary", "body", "keywords", "revision"]),
      });
      const told = await answer.json();
      if (answer.ok) {
        form.elements.revision.value = told.revision;
        saved = sent;
        const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        const done = form.dataset.wordsSaved + " " + time;
        say(told.warning ? done + ". " + told.warning : done, told.warning);
        // What was typed while it was sent, the preview knows better.
        if (!isDirty()) showPlaces(told.places);
      } else if (answer.status === 409) {
        showConflict(told);
      } else {
        say(told.message, true);
      }
    } catch {
      say(form.dataset.wordsFailed, true);
    } finally {
      isSaving = false;
    }
    if (isDirty() && !isBlocked) saveTimer = window.setTimeout(save, SAVE_AFTER);
  }

  let stored = null;

  function showConflict(told) {
    isBlocked = true;
    stored = told;
    conflict.hidden = false;
    conflict.querySelector("[data-stored]").value = told.stored.body;
    say(told.message, true);
    conflict.querySelector("[data-keep-mine]").focus();
  }

  form.querySelector("[data-keep-mine]").addEventListener("click", function () {
    if (stored) form.elements.revision.value = stored.revision;
    isBlocked = false;
    conflict.hidden = true;
    saved = "";
    save();
  });

  form.querySelector("[data-take-stored]").addEventListener("click", function () {
    if (!stored) { saved = snapshot(); window.location.reload(); return; }
    ["title", "summary", "body"].forEach(function (name) {
      form.elements[name].value = stored.stored[name];
    });
    lines.value = stored.stored.keywords.join("\n");
    drawWords();
    form.elements.revision.value = stored.revision;
    saved = snapshot();
    isBlocked = false;
    conflict.hidden = true;
    preview();
  });

  form.addEventListener("input", function (event) {
    if (event.target === word || event.target.closest("[data-conflict]")) return;
    say(isDirty() ? form.dataset.wordsUnsaved : form.dataset.wordsSaved);
    window.clearTimeout(saveTimer);
    saveTimer = window.setTimeout(save, SAVE_AFTER);
    if ([body, form.elements.title, form.elements.summary].includes(event.target)) {
      window.clearTimeout(previewTimer);
      previewTimer = window.setTimeout(preview, PREVIEW_AFTER);
    }
  });

  let isLeaving = false;
  form.addEventListener("submit", function () { addWords(); isLeaving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && isDirty()) event.preventDefault();
  });

  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "s") { event.preventDefault(); save(); }
    else if (document.activeElement === body && key === "b") { event.preventDefault(); wrap("**"); }
    else if (document.activeElement === body && key === "i") { event.preventDefault(); wrap("*"); }
  });

  form.addEventListener("ka:insert", function (event) { block(event.detail); });
  // In the line, in place of what is chosen.
  form.addEventListener("ka:write", function (event) {
    put(event.detail, body.selectionStart, body.selectionEnd);
  });
  preview();
})();
