// Works a calculation out while somebody types. Without it the button does the same.
"use strict";

(function () {
  const form = document.querySelector("form[data-compute]");
  if (!form) return;
  const result = form.querySelector("[data-result]");
  let timer = 0;
  let asked = 0;

  function showErrors(errors) {
    form.querySelectorAll("[data-error-for]").forEach(function (place) {
      place.textContent = errors[place.dataset.errorFor] || "";
    });
  }

  async function compute() {
    const number = ++asked;
    let answer;
    try {
      const response = await fetch(form.dataset.compute, { method: "POST", body: new FormData(form) });
      if (response.status !== 200 && response.status !== 422) return;
      answer = await response.json();
    } catch {
      // No network: what is shown stays marked as old.
      return;
    }
    // An older answer that comes late is not shown.
    if (number !== asked) return;
    showErrors(answer.errors || {});
    if (!answer.html) return;
    result.innerHTML = answer.html;
    result.classList.remove("stale");
    form.querySelector("[data-answer]").textContent = answer.answer;
  }

  form.addEventListener("input", function () {
    result.classList.add("stale");
    clearTimeout(timer);
    timer = setTimeout(compute, 250);
  });
})();
