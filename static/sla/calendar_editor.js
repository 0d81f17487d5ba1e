// Shows the year, the week and the doubts of what is typed; saving works without it.
(function () {
  "use strict";
  const WAIT_MS = 400;

  function start(form) {
    const panel = document.getElementById("calendar-check");
    let timer = null;
    let running = null;

    function showErrors(errors) {
      form.querySelectorAll("[data-error-for]").forEach(function (place) {
        place.textContent = errors[place.dataset.errorFor] || "";
      });
      form.querySelectorAll(".sla-input").forEach(function (input) {
        if (errors[input.name]) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      });
    }

    function showWeek(week) {
      week.forEach(function (bars, day) {
        const place = form.querySelector('output[data-day="' + day + '"]');
        place.replaceChildren(...bars.map(function (bar) {
          const span = document.createElement("span");
          span.style.left = bar.left + "%";
          span.style.width = bar.width + "%";
          return span;
        }));
      });
    }

    async function check() {
      if (running) running.abort();
      running = new AbortController();
      try {
        const answer = await fetch(form.dataset.checkUrl, {
          method: "POST",
          body: new FormData(form),
          signal: running.signal,
        });
        if (!answer.ok) return;
        const found = await answer.json();
        showErrors(found.errors);
        if (found.panel) panel.innerHTML = found.panel;
        if (found.week) showWeek(found.week);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }

    function later() {
      window.clearTimeout(timer);
      timer = window.setTimeout(check, WAIT_MS);
    }

    function copyMonday(days) {
      days.split(" ").forEach(function (day) {
        form.elements["day_" + day].value = form.elements.day_0.value;
      });
      later();
    }

    function addException() {
      const total = form.elements["ex-TOTAL_FORMS"];
      const row = document.getElementById("exception-row").innerHTML;
      const body = form.querySelector("#exceptions tbody");
      body.insertAdjacentHTML("beforeend", row.replaceAll("__prefix__", total.value));
      total.value = Number(total.value) + 1;
      body.lastElementChild.querySelector("input").focus();
    }

    function addPlace(select) {
      if (!select.value) return;
      const field = form.elements.places;
      const parts = select.selectedOptions[0].dataset.parts;
      form.querySelector("span[data-parts]").textContent = parts;
      field.value = field.value.trim() ? field.value.trim() + ", " + select.value : select.value;
      select.value = "";
      later();
    }

    form.addEventListener("input", later);
    form.addEventListener("change", function (event) {
      if (event.target.matches("[data-add-place]")) addPlace(event.target);
    });
    form.addEventListener("click", function (event) {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.dataset.copy) copyMonday(button.dataset.copy);
      if ("addException" in button.dataset) addException();
      if (button.dataset.year) moveYear(Number(button.dataset.year));
    });

    function moveYear(step) {
      const year = form.elements.year;
      if (year.matches(":disabled")) {
        window.location.search = "?year=" + (Number(year.value) + step);
        return;
      }
      year.value = Number(year.value) + step;
      check();
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    const form = document.getElementById("calendar-form");
    if (form) start(form);
  });
})();
