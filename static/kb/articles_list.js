// Ticks all, counts what is ticked, asks before archiving.
(function () {
  "use strict";
  const form = document.querySelector("[data-bulk]");
  if (!form) return;
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  const boxes = Array.from(form.querySelectorAll("input[name=ids]"));
  if (!all || !count) return;
  const words = count.textContent;

  function tell() {
    const n = boxes.filter(function (box) { return box.checked; }).length;
    count.textContent = n ? words + " " + n : words;
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
  }
  all.addEventListener("change", function () {
    boxes.forEach(function (box) { box.checked = all.checked; });
    tell();
  });
  form.addEventListener("change", tell);
  form.addEventListener("submit", function (event) {
    const asked = event.submitter && event.submitter.dataset.confirm;
    if (asked && !window.confirm(asked)) event.preventDefault();
  });
})();
