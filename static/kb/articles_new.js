// A new article: the topic follows the purpose until somebody chooses one by hand.
(function () {
  "use strict";

  const form = document.getElementById("ka-new");
  if (!form) return;
  const kind = form.elements.kind;
  const topic = form.elements.topic;
  let isChosen = false;

  topic.addEventListener("change", function () { isChosen = true; });
  kind.addEventListener("change", function () {
    const fits = Array.from(topic.options).find(function (each) { return each.dataset.kind === kind.value; });
    if (fits && !isChosen) topic.value = fits.value;
  });
})();
