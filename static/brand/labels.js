// Names the searchable selects of the admin's forms for those who hear the page:
// select2 draws its own box and leaves the label with the hidden <select>.
(function () {
  "use strict";
  function name(select) {
    const label = document.querySelector('label[for="' + CSS.escape(select.id) + '"]');
    const text = label ? label.textContent.replace("*", "").trim() : select.getAttribute("aria-label");
    const box = select.nextElementSibling;
    if (!text || !box || !box.matches(".select2-container")) return;
    box.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]").forEach(function (part) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", text);
    });
  }

  function nameAll() {
    document.querySelectorAll("select.select2-hidden-accessible[id]").forEach(name);
  }

  // select2 draws when it is ready, which may be after the page is, and for new rows.
  document.addEventListener("DOMContentLoaded", function () {
    nameAll();
    new MutationObserver(function (changes) {
      const drawn = changes.some(function (change) {
        return Array.from(change.addedNodes).some(function (node) {
          return node.nodeType === 1 && node.matches(".select2-container");
        });
      });
      if (drawn) nameAll();
    }).observe(document.body, { childList: true, subtree: true });
  });
})();
