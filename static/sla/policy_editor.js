// Checks the policy form while it is typed; saving works without it.
(function () {
  "use strict";
  const WAIT_MS = 400;

  function start(form) {
    let timer = null;
    let running = null;

    function showErrors(errors) {
      form.querySelectorAll("[data-error-for]").forEach(function (place) {
        place.textContent = errors[place.dataset.errorFor] || "";
        const fold = place.closest("details");
        if (fold && place.textContent) fold.open = true;
      });
      form.querySelectorAll(".sla-input").forEach(function (input) {
        if (errors[input.name]) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      });
    }

    function showResults(results) {
      Object.keys(results).forEach(function (name) {
        const input = form.elements[name];
        if (!input) return;
        if (name.startsWith("x-")) input.placeholder = results[name];
        const means = form.querySelector('[data-means="' + name + '"]');
        if (means) means.textContent = results[name];
        const outcome = form.querySelector('[data-result="' + name + '"]');
        if (outcome) {
          outcome.textContent = results[name];
          outcome.classList.toggle("sla-own", input.value.trim() !== "");
        }
      });
    }

    function showStale(text) {
      document.getElementById("policy-stale").textContent = text;
      document.getElementById("policy-check").classList.toggle("sla-old", text !== "");
    }

    function showOwns(owns) {
      form.querySelectorAll("[data-own]").forEach(function (place) {
        place.textContent = owns[place.dataset.own] || "";
      });
    }

    async function check() {
      if (running) running.abort();
      running = new AbortController();
      try {
        const answer = await fetch(form.dataset.check, {
          method: "POST",
          body: new FormData(form),
          headers: { "X-Requested-With": "fetch" },
          signal: running.signal,
        });
        if (!answer.ok) {
          showStale(form.dataset.unanswered);
          return;
        }
        const found = await answer.json();
        showErrors(found.errors);
        showStale(found.stale);
        if (found.panel) document.getElementById("policy-check").innerHTML = found.panel;
        if (found.results) showResults(found.results);
        if (found.owns) showOwns(found.owns);
      } catch (error) {
        if (error.name !== "AbortError") showStale(form.dataset.unanswered);
      }
    }

    form.addEventListener("input", function () {
      window.clearTimeout(timer);
      timer = window.setTimeout(check, WAIT_MS);
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("form[data-check]").forEach(start);
  });
})();
