// Forecast pages: the box above a list chooses all of it; overlays show as they are ticked.
"use strict";

document.addEventListener("change", function (event) {
  if (event.target.matches("[data-choose-all]")) {
    event.target.closest("[data-choose]").querySelectorAll("input[name=queue]").forEach(function (box) {
      box.checked = event.target.checked;
    });
  }
  if (event.target.matches("[data-at-once]")) event.target.form.requestSubmit();
});
