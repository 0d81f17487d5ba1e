// Keyboard: "/" search, "g" then a letter to go, "?" shows the keys.
(function () {
  "use strict";
  const places = {
    h: ["/admin/", "Home"],
    t: ["/admin/tickets/ticket/", "Tickets"],
    c: ["/compliance/", "Compliance"],
    p: ["/admin/sla/policy/", "Policies"],
    m: ["/metrics/", "Metrics"],
    n: ["/admin/notifications/notification/", "Notifications"],
  };
  let waiting = false;

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function showKeys() {
    let dialog = document.getElementById("keys-dialog");
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.id = "keys-dialog";
      dialog.className = "so-dialog";
      const list = [["/", "Search"], ["?", "This list"], ["Esc", "Close"]];
      Object.entries(places).forEach(([key, place]) => list.push(["g " + key, place[1]]));
      const table = document.createElement("dl");
      list.forEach(([key, what]) => {
        const dt = document.createElement("dt");
        const kbd = document.createElement("kbd");
        kbd.textContent = key;
        dt.append(kbd);
        const dd = document.createElement("dd");
        dd.textContent = what;
        table.append(dt, dd);
      });
      const title = document.createElement("h2");
      title.textContent = "Keyboard";
      dialog.append(title, table);
      document.body.append(dialog);
    }
    dialog.showModal();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (waiting) {
      waiting = false;
      const place = places[event.key];
      if (place) window.location.assign(place[0]);
      return;
    }
    if (event.key === "g") {
      waiting = true;
      window.setTimeout(function () { waiting = false; }, 1500);
    } else if (event.key === "?") {
      showKeys();
    } else if (event.key === "/") {
      const search = document.querySelector("#searchbar, #nav-filter, input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });
})();
