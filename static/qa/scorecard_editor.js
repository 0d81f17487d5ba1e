// Checks the builder while it is typed, and moves parts without loading the page again.
// Everything works without it: every button sends the form.
(function () {
  "use strict";
  const WAIT_MS = 400;

  function start(form) {
    const fields = document.getElementById("scorecard-fields");
    const panel = document.getElementById("scorecard-panel");
    const stale = document.getElementById("scorecard-stale");
    const unsaved = document.getElementById("scorecard-unsaved");
    let timer = null;
    let running = null;
    let isDirty = form.hasAttribute("data-unsaved");

    function showStale(text) {
      stale.textContent = text;
      panel.classList.toggle("sla-old", text !== "");
    }

    function showErrors(errors) {
      fields.querySelectorAll("[data-error-for]").forEach(function (place) {
        const text = errors[place.dataset.errorFor] || "";
        place.textContent = text;
        const input = form.elements[place.dataset.errorFor];
        if (input && text) input.setAttribute("aria-invalid", "true");
        else if (input && input.removeAttribute) input.removeAttribute("aria-invalid");
        const fold = place.closest("details");
        if (fold && text) fold.open = true;
      });
    }

    function showPanel(html) {
      const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
      const scrolled = panel.parentElement.scrollTop;
      panel.innerHTML = html;
      panel.parentElement.scrollTop = scrolled;
      if (focused) focusOn(focused);
    }

    function focusOn(id) {
      let place = document.getElementById(id);
      if (!place) return;
      const fold = place.closest("details");
      if (fold && place.tagName !== "SUMMARY" && !place.closest("summary")) fold.open = true;
      if (place.disabled) {
        place = place.parentElement.querySelector("button:not(:disabled)") || place;
      }
      place.focus();
    }

    function show(found) {
      showErrors(found.errors);
      showStale(found.stale);
      if (found.panel) showPanel(found.panel);
      Object.keys(found.shares || {}).forEach(function (place) {
        const shown = fields.querySelector('[data-share="' + place + '"]');
        if (shown) shown.textContent = found.shares[place];
      });
    }

    async function send(address, body) {
      if (running) running.abort();
      running = new AbortController();
      try {
        const answer = await fetch(address, {
          method: "POST",
          body: body,
          headers: { "X-Requested-With": "fetch" },
          signal: running.signal,
        });
        const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
        if (answer.ok && isJson) return await answer.json();
        showStale(form.dataset.unanswered);
      } catch (error) {
        if (error.name !== "AbortError") showStale(form.dataset.unanswered);
      }
      return null;
    }

    async function check() {
      const found = await send(form.dataset.check, new FormData(form));
      if (found) show(found);
    }

    function openFolds() {
      const open = Array.from(fields.querySelectorAll("details[data-fold][open]"));
      return open.map((fold) => fold.dataset.fold).filter(Boolean);
    }

    async function step(button) {
      window.clearTimeout(timer);
      const body = new FormData(form);
      body.append("do", button.value);
      const open = openFolds();
      const found = await send(window.location.href, body);
      if (!found) return;
      fields.innerHTML = found.fields;
      fields.querySelectorAll("details[data-fold]").forEach(function (fold) {
        if (open.includes(fold.dataset.fold)) fold.open = true;
      });
      show(found);
      if (found.focus) focusOn(found.focus);
      markDirty();
    }

    function markDirty() {
      isDirty = true;
      unsaved.hidden = false;
    }

    form.addEventListener("input", function (event) {
      if (fields.contains(event.target)) markDirty();
      window.clearTimeout(timer);
      timer = window.setTimeout(check, WAIT_MS);
    });

    form.addEventListener("change", function (event) {
      if (!event.target.matches("[data-kind]")) return;
      const body = event.target.closest(".qa-body");
      body.querySelectorAll("[data-for-kind]").forEach(function (block) {
        block.hidden = !block.dataset.forKind.split(" ").includes(event.target.value);
      });
    });

    form.addEventListener("submit", function (event) {
      const button = event.submitter;
      if (button && button.name === "do") {
        event.preventDefault();
        if (button.value === "check") check();
        else step(button);
      } else {
        isDirty = false;
      }
    });

    panel.addEventListener("click", function (event) {
      const link = event.target.closest('a[href^="#part_"]');
      if (!link) return;
      const part = document.getElementById(link.getAttribute("href").slice(1));
      const fold = part && part.querySelector("details[data-fold]");
      if (fold && part.classList.contains("qa-criterion")) fold.open = true;
    });

    window.addEventListener("beforeunload", function (event) {
      if (isDirty) event.preventDefault();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-scorecard]").forEach(start);
  });
})();
