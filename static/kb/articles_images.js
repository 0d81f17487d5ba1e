// Pictures of an article: pasted, dropped or chosen; each needs a text before it is sent.
(function () {
  "use strict";

  const form = document.getElementById("ka-editor");
  const dialog = document.getElementById("ka-image");
  if (!form || !dialog) return;
  const body = form.elements.body;
  const input = dialog.querySelector("[data-file]");
  const name = dialog.querySelector("[data-file-name]");
  const alt = dialog.querySelector("[data-alt]");
  const refusal = dialog.querySelector("[data-refusal]");
  let file = null;
  let place = [0, 0];

  function open(chosen) {
    file = chosen || null;
    input.value = "";
    name.textContent = file ? file.name : "";
    alt.value = "";
    refusal.hidden = true;
    place = [body.selectionStart, body.selectionEnd];
    dialog.showModal();
    (file ? alt : input).focus();
  }

  function refuse(words) {
    refusal.textContent = words;
    refusal.hidden = false;
  }

  function picturesOf(list) {
    return Array.from(list || []).filter(function (each) { return each.type.startsWith("image/"); });
  }

  async function send() {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("alt", alt.value);
    const chosen = input.files[0] || file;
    if (chosen) data.append("file", chosen);
    try {
      const answer = await fetch(form.dataset.upload, { method: "POST", body: data });
      const told = await answer.json();
      if (!answer.ok) { refuse(told.message); return; }
      dialog.close();
      // Closing gave the text its focus back, with the cursor at its start.
      body.setSelectionRange(place[0], place[1]);
      form.dispatchEvent(new CustomEvent("ka:insert", { detail: told.markdown }));
    } catch {
      refuse(form.dataset.wordsFailed);
    }
  }

  form.querySelector("[data-image]").addEventListener("click", function () { open(); });
  dialog.querySelector("[data-send]").addEventListener("click", send);
  alt.addEventListener("keydown", function (event) {
    if (event.key === "Enter") { event.preventDefault(); send(); }
  });
  input.addEventListener("change", function () { name.textContent = ""; alt.focus(); });

  body.addEventListener("paste", function (event) {
    const found = picturesOf(event.clipboardData && event.clipboardData.files);
    if (!found.length) return;
    event.preventDefault();
    open(found[0]);
  });
  body.addEventListener("dragover", function (event) {
    if (event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files")) event.preventDefault();
  });
  body.addEventListener("drop", function (event) {
    const found = picturesOf(event.dataTransfer && event.dataTransfer.files);
    if (!found.length) return;
    event.preventDefault();
    open(found[0]);
  });
})();
