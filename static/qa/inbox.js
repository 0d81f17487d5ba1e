// "n" opens the next review.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    const writes = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (event.key !== "n" || writes || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const form = document.getElementById("next-review");
    // After "g", "n" is the way to the notifications.
    if (!form || Date.now() - lastG < 1500) return;
    form.requestSubmit();
  });
  let lastG = 0;
  document.addEventListener("keydown", function (event) {
    if (event.key === "g") lastG = Date.now();
  });
})();
