// Names the searchable selects of the admin's forms for those who hear the page:
// select2 draws its own box and leaves the label with the hidden <select>.
(function () {
  "use strict";
  const PARTS = "[role=combobox], [role=textbox], [role=searchbox]";

  function name(select) {
    const label = document.querySelector('label[for="' + CSS.escape(select.id) + '"]');
    const text = label ? label.textContent.replace("*", "").trim() : select.getAttribute("aria-label");
    const box = select.nextElementSibling;
    if (!text || !box || !box.matches(".select2-container")) return;
    box.querySelectorAll(PARTS).forEach(function (part) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", text);
    });
    // A cross for the mouse, which stands in a list and is no item of it.
    box.querySelectorAll(".select2-selection__clear").forEach(function (cross) {
      cross.setAttribute("aria-hidden", "true");
    });
    box.querySelectorAll("[role=combobox]").forEach(function (combobox) { join(combobox, text); });
  }

  // An open box says which list it controls; list and search field stand elsewhere, unnamed.
  function join(combobox, text) {
    const list = combobox.getAttribute("aria-owns");
    if (!list) {
      combobox.removeAttribute("aria-controls");
      return;
    }
    combobox.setAttribute("aria-controls", list);
    document.querySelectorAll('#' + CSS.escape(list) + ', [aria-controls="' + CSS.escape(list) + '"]').forEach(
      function (part) { part.setAttribute("aria-label", text); });
  }

  function nameAll() {
    document.querySelectorAll("select.select2-hidden-accessible[id]").forEach(name);
  }

  function isDrawn(change) {
    if (change.type === "attributes") return true;
    return change.target.matches("[class*=select2-]") || Array.from(change.addedNodes).some(function (node) {
      return node.nodeType === 1 && node.matches(".select2-container");
    });
  }

  // select2 draws when it is ready, which may be after the page is, for new rows, and again
  // whenever it is opened or something is chosen.
  document.addEventListener("DOMContentLoaded", function () {
    nameAll();
    new MutationObserver(function (changes) {
      if (changes.some(isDrawn)) nameAll();
    }).observe(document.body, { attributeFilter: ["aria-owns"], childList: true, subtree: true });
  });
})();
