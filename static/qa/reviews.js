// The filters of the list: folded on a phone, open elsewhere and without this script.
(function () {
  "use strict";
  const phone = window.matchMedia("(max-width: 640px)");

  function fold() {
    document.querySelectorAll('[data-fold="phone"]').forEach((details) => {
      details.open = !phone.matches;
    });
  }

  document.addEventListener("DOMContentLoaded", fold);
  phone.addEventListener("change", fold);
})();
