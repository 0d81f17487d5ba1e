// Sliders that answer at once, and rows of blocks; both pages work without it.
(function () {
  "use strict";
  const WAIT_MS = 150;
  const REST_MS = 300;
  document.documentElement.classList.add("cs-script");

  function read(id) {
    const place = document.getElementById(id);
    return place ? JSON.parse(place.textContent) : {};
  }

  function startTable() {
    const table = document.getElementById("staffing-heat");
    if (!table) return null;
    const state = { cells: read("staffing-cells"), words: read("staffing-measure-words") };
    const links = document.querySelectorAll("[data-show]");
    const hidden = document.querySelector("#staffing-form input[name=show]");
    const places = table.querySelectorAll("tbody td");
    let shown = document.querySelector("[data-show][aria-current]").dataset.show;

    function paint() {
      (state.cells[shown] || []).forEach(function (cell, row) {
        if (!places[row]) return;
        places[row].textContent = cell[0];
        places[row].className = cell[1];
      });
      document.getElementById("staffing-words").textContent = state.words[shown] || "";
    }

    links.forEach(function (link) {
      link.addEventListener("click", function (event) {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        shown = link.dataset.show;
        links.forEach(function (other) { other.removeAttribute("aria-current"); });
        link.setAttribute("aria-current", "true");
        if (hidden) hidden.value = shown;
        paint();
      });
    });
    return function (cells, words) {
      state.cells = cells;
      state.words = words;
      paint();
    };
  }

  function startForm(form, repaint) {
    const sentence = document.getElementById("staffing-sentence");
    const say = document.getElementById("staffing-say");
    const figures = document.getElementById("staffing-figures");
    const answers = document.getElementById("staffing-answers");
    let timer = null;
    let running = null;
    let resting = null;

    function address() {
      const asked = new URLSearchParams(new FormData(form));
      return asked.toString();
    }

    function showErrors(errors) {
      form.querySelectorAll("[data-error-for]").forEach(function (place) {
        const name = place.dataset.errorFor;
        place.textContent = errors[name] || "";
        const input = form.elements[name];
        if (input && input.setAttribute) {
          if (errors[name]) input.setAttribute("aria-invalid", "true");
          else input.removeAttribute("aria-invalid");
        }
      });
    }

    function tell(text) {
      say.textContent = text;
      if (sentence) sentence.textContent = text;
    }

    function show(found) {
      showErrors({});
      tell(found.sentence);
      if (!found.figures) return;
      figures.innerHTML = found.figures;
      repaint(found.cells, found.words);
    }

    function showDetails(html) {
      const open = Array.from(answers.querySelectorAll("details")).map(function (fold) { return fold.open; });
      answers.innerHTML = html;
      answers.querySelectorAll("details").forEach(function (fold, row) { fold.open = Boolean(open[row]); });
      answers.classList.remove("cs-waiting");
    }

    function fetched(asked) {
      return fetch(form.dataset.answer + "?" + asked, {
        headers: { "X-Requested-With": "fetch" },
        signal: running.signal,
      });
    }

    async function askDetails(asked) {
      try {
        const answer = await fetched(asked + "&details=1");
        if (answer.ok) showDetails((await answer.json()).answers);
        else tell(form.dataset.unanswered);
      } catch (error) {
        if (error.name !== "AbortError") tell(form.dataset.unanswered);
      }
    }

    async function ask() {
      if (running) running.abort();
      window.clearTimeout(resting);
      running = new AbortController();
      const asked = address();
      figures.classList.add("cs-waiting");
      answers.classList.add("cs-waiting");
      try {
        const answer = await fetched(asked);
        const found = await answer.json();
        if (answer.status === 422) showErrors(found.errors);
        else if (answer.ok) {
          show(found);
          window.history.replaceState(null, "", "?" + asked);
          resting = window.setTimeout(function () { askDetails(asked); }, REST_MS);
        } else tell(form.dataset.unanswered);
        figures.classList.remove("cs-waiting");
      } catch (error) {
        if (error.name === "AbortError") return;
        figures.classList.remove("cs-waiting");
        tell(form.dataset.unanswered);
      }
    }

    function sliderOf(input) {
      return form.querySelector('input[type=range][data-for="' + input.id + '"]');
    }

    form.addEventListener("input", function (event) {
      const input = event.target;
      if (input.matches("input[type=range]")) {
        const box = document.getElementById(input.dataset.for);
        box.value = input.value;
        untick(box);
      } else if (input.type === "number") {
        const slider = sliderOf(input);
        if (slider && input.value !== "") slider.value = input.value;
        untick(input);
      }
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, WAIT_MS);
    });

    function untick(box) {
      if (box.name === "handle_seconds" && form.elements.measured) form.elements.measured.checked = false;
    }
  }

  function startBlocks() {
    const add = document.getElementById("block-add");
    const rows = document.getElementById("block-rows");
    const total = document.querySelector("input[name=block-TOTAL_FORMS]");
    if (!add || !rows || !total) return;
    add.hidden = false;
    add.addEventListener("click", function () {
      const empty = document.getElementById("block-empty").innerHTML;
      const place = document.createElement("tbody");
      place.innerHTML = empty.replace(/__prefix__/g, total.value);
      const row = place.querySelector("tr");
      rows.appendChild(row);
      total.value = String(Number(total.value) + 1);
      row.querySelector("select").focus();
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    const form = document.getElementById("staffing-form");
    const repaint = startTable();
    if (form && repaint) startForm(form, repaint);
    startBlocks();
  });
})();
