// Adds the channel shares of an option up while they are typed. The server checks them too.
(function () {
  "use strict";

  function show(mix) {
    const note = mix.querySelector("[data-sum]");
    let total = 0;
    mix.querySelectorAll("[data-share]").forEach(function (field) { total += Number(field.value) || 0; });
    total = Math.round(total * 100) / 100;
    note.hidden = total === 0;
    note.textContent = note.dataset.words + " " + total + " %";
    note.classList.toggle("cw-off", Math.abs(total - 100) > 0.5);
  }

  document.querySelectorAll("[data-mix]").forEach(show);
  document.addEventListener("input", function (event) {
    const mix = event.target.closest("[data-mix]");
    if (mix) show(mix);
  });
})();
