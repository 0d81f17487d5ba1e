// unfold listens to every file field and expects its own widget around it: these have none.
(function () {
  "use strict";
  document.querySelectorAll("#content-main input[type=file]").forEach(function (input) {
    input.hasChangeListener = true;
  });
})();
