// Puts the number of unread notifications beside their link, once the page is shown.
(function () {
  "use strict";
  const address = "/admin/notifications/notification/";

  function show(count) {
    const link = document.querySelector('#nav-sidebar a[href="' + address + '"]');
    if (!link || !count) return;
    const chip = document.createElement("span");
    chip.className = "so-chip late";
    chip.style.marginLeft = "auto";
    chip.textContent = count > 99 ? "99+" : String(count);
    // Read after the link's own words, whose icon is hidden from screen readers.
    chip.setAttribute("aria-label", count + " unread");
    link.append(chip);
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (!document.querySelector("#nav-sidebar")) return;
    fetch(address + "unread/", { headers: { Accept: "application/json" } })
      .then(function (response) { return response.ok ? response.json() : { unread: 0 }; })
      .then(function (answer) { show(answer.unread); })
      .catch(function () { /* the page works without it */ });
  });
})();
