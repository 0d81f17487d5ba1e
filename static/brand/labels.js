// Names the searchable selects of the admin's forms for those who hear the page:
// select2 draws its own box and leaves the label with the hidden <select>.
(function () {
  "use strict";
  function name(select) {
    const label = document.querySelector('label[for="' + CSS.escape(select.id) + '"]');
    const text = label ? label.textContent.replace("*", "").trim() : select.getAttribute("aria-label");
    const box = select.nextElementSibling;
    if (!text || !box || !box.matches(".select2-container")) return;
    box.querySelectorAll("[role=combobox], [role=textbox]").forEach(function (part) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", text);
    });
  }

  window.addEventListener("load", function () {
    document.querySelectorAll("select.select2-hidden-accessible[id]").forEach(name);
  });
})();
