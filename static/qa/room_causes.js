// Root causes of one criterion: a list to choose several from, by digits or arrows.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const causes = {};
  const make = (...values) => room.make(...values);

  function offered(criterion) {
    return room.store.state.causes.filter((cause) => !cause.criterion || cause.criterion === criterion.key);
  }

  causes.draw = function (criterion) {
    const holder = make("div", "qr-causes");
    const button = make("button", "qr-causes-button");
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => causes.toggle(criterion));
    const list = make("ul", "qr-causes-list");
    list.id = "causes-" + criterion.key;
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-multiselectable", "true");
    list.setAttribute("aria-label", room.words.root_causes);
    button.setAttribute("aria-controls", list.id);
    offered(criterion).forEach((cause, index) => {
      const option = make("li", "qr-cause");
      option.id = "cause-" + criterion.key + "-" + cause.id;
      option.dataset.cause = cause.id;
      option.setAttribute("role", "option");
      option.tabIndex = -1;
      option.append(
        make("kbd", index < 9 ? "" : "qr-none", index < 9 ? String(index + 1) : ""),
        make("span", "", cause.name), make("span", "so-note", cause.kind)
      );
      option.addEventListener("click", () => turn(criterion, cause.id));
      list.append(option);
    });
    list.addEventListener("keydown", (event) => onKey(event, criterion, list));
    holder.append(button, list);
    return holder;
  };

  causes.refresh = function (criterion) {
    const section = room.card.section(criterion.key);
    const button = section && section.querySelector(".qr-causes-button");
    if (!button) return;
    const chosen = room.store.value(criterion.key, "root_causes");
    const names = offered(criterion).filter((cause) => chosen.includes(cause.id)).map((cause) => cause.name);
    const key = make("kbd", "", "r");
    button.replaceChildren(key, document.createTextNode(" " + room.words.root_causes + (names.length ? ": " + names.join(", ") : "")));
    button.classList.toggle("filled", names.length > 0);
    section.querySelectorAll(".qr-cause").forEach((option) => {
      option.setAttribute("aria-selected", String(chosen.includes(Number(option.dataset.cause))));
    });
  };

  function turn(criterion, id) {
    const before = room.store.value(criterion.key, "root_causes");
    const after = before.includes(id) ? before.filter((each) => each !== id) : before.concat(id);
    room.store.change(criterion.key, { root_causes: after.sort((one, other) => one - other) });
  }

  causes.toggle = function (criterion) {
    const section = room.card.section(criterion.key);
    const list = section.querySelector(".qr-causes-list");
    if (!list) return;
    if (!list.childElementCount) {
      room.announce(room.words.no_causes);
      return;
    }
    const opens = list.hidden;
    list.hidden = !opens;
    section.querySelector(".qr-causes-button").setAttribute("aria-expanded", String(opens));
    if (opens) {
      list.scrollIntoView({ block: "nearest" });
      stand(list.firstElementChild);
    } else room.card.go(criterion.key);
  };

  function stand(option) {
    option.focus({ preventScroll: true });
    option.scrollIntoView({ block: "nearest" });
  }

  function onKey(event, criterion, list) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const options = Array.from(list.children);
    const at = options.indexOf(document.activeElement);
    const moves = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
    if (event.key in moves) {
      stand(options[Math.min(options.length - 1, Math.max(0, at + moves[event.key]))]);
    } else if (/^[1-9]$/.test(event.key)) {
      const option = options[Number(event.key) - 1];
      if (option) {
        turn(criterion, Number(option.dataset.cause));
        stand(option);
      }
    } else if (event.key === " " || event.key === "x") {
      if (at >= 0) turn(criterion, Number(options[at].dataset.cause));
    } else if (["Escape", "Enter", "r"].includes(event.key)) {
      causes.toggle(criterion);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  room.causes = causes;
})();
