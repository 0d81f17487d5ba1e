// The box above a list of items chooses or leaves all of the page.
"use strict";

document.addEventListener("change", function (event) {
  if (!event.target.matches("[data-choose-all]")) return;
  event.target.closest("[data-choose]").querySelectorAll("input[name=item]").forEach(function (box) {
    box.checked = event.target.checked;
  });
});
