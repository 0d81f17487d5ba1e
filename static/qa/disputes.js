// The score that the chosen outcomes come to, from the same arithmetic that decides.
(function () {
  "use strict";
  const form = document.getElementById("ruling");
  const output = document.getElementById("new-score");
  if (!form || !output || !form.dataset.preview) return;
  let latest = 0;

  function ask() {
    const mine = ++latest;
    fetch(form.dataset.preview, { method: "POST", body: new FormData(form) })
      .then(function (response) { return response.ok ? response.text() : ""; })
      .then(function (text) {
        // An answer that comes late is about outcomes no longer chosen.
        if (mine === latest && text) output.textContent = text.trim();
      })
      .catch(function () {});
  }

  form.addEventListener("change", function (event) {
    // Who picks a level means "another level".
    const match = /^(level|checked)_(.+)$/.exec(event.target.name || "");
    if (match) {
      const other = form.querySelector(
        'input[name="outcome_' + CSS.escape(match[2]) + '"][value="OTHER"]');
      if (other && event.target.value) other.checked = true;
    }
    if (event.target.name !== "decision") ask();
  });
})();
