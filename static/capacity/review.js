/* The days of an event while it is entered: asked from the server, which does the counting. */
"use strict";

(() => {
  const form = document.getElementById("rv-event");
  const place = document.getElementById("rv-preview");
  if (!form || !place) return;
  const names = ["starts_on", "ends_on", "repeats"];
  let asked = 0;

  const show = async () => {
    const turn = ++asked;
    const values = new URLSearchParams(names.map((name) => [name, form.elements[name].value]));
    const answer = await fetch(`${form.dataset.preview}?${values}`, { credentials: "same-origin" });
    if (answer.ok && turn === asked) place.innerHTML = await answer.text();
  };

  for (const name of names) form.elements[name].addEventListener("change", show);

  /* A one-day event is the usual one: the last day follows the first while it lies before it. */
  form.elements.starts_on.addEventListener("change", () => {
    const { starts_on: first, ends_on: last } = form.elements;
    if (first.value && (!last.value || last.value < first.value)) {
      last.value = first.value;
      show();
    }
  });
})();
