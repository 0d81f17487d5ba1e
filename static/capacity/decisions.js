// Adds rows to tables of a section, prints, and warns before unsaved words are left.
// Every page works without it: saving gives another empty row.
(function () {
  "use strict";

  function addRow(rows, total) {
    const template = rows.querySelector("template");
    const place = Number(total.value);
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(place));
    const row = holder.firstElementChild;
    rows.insertBefore(row, template);
    total.value = String(place + 1);
    const first = row.querySelector("input:not([type=hidden]), select, textarea");
    if (first) first.focus();
  }

  document.querySelectorAll("[data-rows]").forEach(function (rows) {
    const total = document.getElementById("id_" + rows.dataset.rows + "-TOTAL_FORMS");
    const button = rows.parentElement.querySelector("[data-add-row]");
    if (!total || !button) return;
    button.hidden = false;
    button.addEventListener("click", function () { addRow(rows, total); });
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  const folds = Array.from(document.querySelectorAll(".cd-fold"));

  function foldAll(isOpen) {
    folds.forEach(function (fold) { fold.open = isOpen; });
  }

  [["[data-unfold]", true], ["[data-fold]", false]].forEach(function (pair) {
    document.querySelectorAll(pair[0]).forEach(function (button) {
      button.hidden = folds.length === 0;
      button.addEventListener("click", function () { foldAll(pair[1]); });
    });
  });

  // An address or a link with #section opens the section it names.
  function openNamed() {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const fold = named && named.closest(".cd-fold");
    if (!fold || fold.open) return;
    fold.open = true;
    named.scrollIntoView();
  }
  window.addEventListener("hashchange", openNamed);
  openNamed();

  // Paper holds everything; afterwards the page is as it was.
  let closed = [];
  window.addEventListener("beforeprint", function () {
    closed = folds.filter(function (fold) { return !fold.open; });
    foldAll(true);
  });
  window.addEventListener("afterprint", function () {
    closed.forEach(function (fold) { fold.open = false; });
  });

  document.querySelectorAll(".cd-form").forEach(function (form) {
    let isDirty = false;
    form.addEventListener("input", function () { isDirty = true; });
    form.addEventListener("submit", function () { isDirty = false; });
    window.addEventListener("beforeunload", function (event) {
      if (isDirty) event.preventDefault();
    });
  });
})();
