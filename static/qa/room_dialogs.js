// What asks in a window of its own: a pin, a reason to skip, two versions of one answer.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const dialogs = {};
  const make = (...values) => room.make(...values);
  const TONES = { PRAISE: "ok", ISSUE: "watch", NOTE: "" };
  let passage = null;
  let changed = null;
  let from = null;

  function byId(id) {
    return document.getElementById(id);
  }

  function open(dialog) {
    from = document.activeElement;
    dialog.showModal();
  }

  function giveBack() {
    if (from && from.isConnected) from.focus();
  }

  dialogs.isOpen = function () {
    return document.querySelector("dialog[open]") !== null;
  };

  dialogs.help = function () {
    open(byId("room-help"));
  };

  // Pins ---------------------------------------------------------------------------------

  dialogs.pin = function () {
    const found = room.talk.passage();
    if (!found) {
      room.alert(room.words.pin_nothing);
      return;
    }
    changed = null;
    passage = found;
    if (isOfCustomer(found.message)) {
      askPin(found.quote, "", "NOTE", "");
      return;
    }
    const criterion = room.card.current();
    const key = criterion && criterion.kind !== "checklist" ? criterion.key : "";
    askPin(found.quote, "", isBelowBest(criterion) ? "ISSUE" : "PRAISE", key);
  };

  dialogs.changePin = function (pin) {
    changed = pin;
    passage = null;
    askPin(pin.quote, pin.text, pin.tone, pin.criterion);
  };

  // What a customer wrote is no praise of the agent, nor an answer to a criterion by itself.
  function isOfCustomer(message) {
    const line = state().lines.find((each) => each.id === message);
    return Boolean(line) && line.direction === "in";
  }

  function isBelowBest(criterion) {
    if (!criterion || !criterion.levels.length) return false;
    const level = room.store.value(criterion.key, "level");
    return Boolean(level) && level !== criterion.levels[0].key;
  }

  function askPin(quote, text, tone, criterion) {
    byId("room-pin-quote").textContent = quote;
    byId("room-pin-text").value = text;
    const none = make("option", "", "–");
    none.value = "";
    const options = room.card.shown().map((each) => {
      const option = make("option", "", each.title);
      option.value = each.key;
      return option;
    });
    byId("room-pin-criterion").replaceChildren(none, ...options);
    byId("room-pin-criterion").value = criterion;
    const ofCustomer = isOfCustomer((passage || changed).message);
    byId("room-pin-form").querySelector('[value="PRAISE"]').disabled = ofCustomer;
    byId("room-pin-customer").hidden = !ofCustomer;
    byId("room-pin-form").elements.tone.value = tone;
    open(byId("room-pin"));
    byId("room-pin-text").focus();
  }

  function savePin(event) {
    event.preventDefault();
    const said = {
      tone: byId("room-pin-form").elements.tone.value,
      text: byId("room-pin-text").value,
      criterion: byId("room-pin-criterion").value,
    };
    if (changed) room.store.addPinWork(Object.assign({ op: "change", id: changed.id }, said));
    else room.store.addPinWork(Object.assign({ op: "add" }, passage, said));
    byId("room-pin").close();
    room.talk.unpick();
    room.sync.soon(0);
  }

  dialogs.drawPins = function () {
    const state = room.store.state;
    const gone = room.store.pinWork.filter((work) => work.op === "remove").map((work) => work.id);
    const list = make("ul", "so-list");
    state.pins.filter((pin) => !gone.includes(pin.id)).forEach((pin) => list.append(pinLine(pin)));
    room.store.pinWork.filter((work) => work.op === "add").forEach((work) => {
      const item = make("li", "qr-waiting");
      item.append(make("span", "so-chip", room.words.unsaved), make("q", "", work.quote), make("span", "", " " + work.text));
      list.append(item);
    });
    const title = make("h2", "qr-section", room.words.pins);
    const none = make("p", "so-note", room.words.no_pins);
    byId("room-pins").replaceChildren(title, list.childElementCount ? list : none);
  };

  function pinLine(pin) {
    const item = make("li");
    const line = state().lines.find((each) => each.id === pin.message);
    const go = make("button", "so-link", line ? String(line.number) : "–");
    go.type = "button";
    go.setAttribute("aria-label", room.say("message", { n: line ? line.number : "–" }));
    go.addEventListener("click", () => room.talk.show(pin.message, [pin.start, pin.end]));
    const change = make("button", "so-link", room.words.pin_change);
    change.type = "button";
    change.addEventListener("click", () => dialogs.changePin(pin));
    const remove = make("button", "so-link", room.words.pin_remove);
    remove.type = "button";
    remove.addEventListener("click", () => {
      room.store.addPinWork({ op: "remove", id: pin.id });
      room.announce(room.words.pin_removed);
      room.sync.soon(0);
    });
    const chip = make("span", "so-chip " + (TONES[pin.tone]), room.words[pin.tone]);
    const words = make("span", "qr-pin-words");
    words.append(make("q", "", pin.quote), make("span", "", pin.text ? " " + pin.text : ""));
    item.append(go, chip, words, change, remove);
    item.className = "qr-pin-line";
    return item;
  }

  function state() {
    return room.store.state;
  }

  // Skipping -----------------------------------------------------------------------------

  dialogs.skip = function () {
    if (!state().review.may_skip) return;
    byId("room-skip-reason").value = "";
    open(byId("room-skipping"));
    byId("room-skip-code").focus();
  };

  function skip(event) {
    event.preventDefault();
    byId("room-skipping").close();
    room.skip(byId("room-skip-code").value, byId("room-skip-reason").value);
  }

  // Enter goes from the reason to its words; there, as everywhere with Ctrl, it skips.
  function onSkipKey(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) byId("room-skip-form").requestSubmit();
    else if (event.target === byId("room-skip-code")) byId("room-skip-reason").focus();
    else return;
    event.preventDefault();
  }

  // Two versions -------------------------------------------------------------------------

  dialogs.clash = function (clashes) {
    const open_ = clashes.slice();
    const dialog = byId("room-conflict");
    byId("room-conflict-title").textContent = room.words.conflict;
    const list = byId("room-conflict-list");
    const settle = (clash, keepsMine, row) => {
      room.store.settle(clash, keepsMine);
      open_.splice(open_.indexOf(clash), 1);
      if (row) row.remove();
      const next = list.querySelector("button");
      if (next) next.focus();
      if (!open_.length) {
        dialog.close();
        room.sync.resume();
      }
    };
    list.replaceChildren(...clashes.map((clash) => clashRow(clash, settle)));
    const all = (words, keepsMine) => {
      const button = make("button", "so-button plain", words);
      button.type = "button";
      button.addEventListener("click", () => open_.slice().forEach((clash) => settle(clash, keepsMine)));
      return button;
    };
    byId("room-conflict-all").replaceChildren(
      ...(clashes.length > 1 ? [all(room.words.all_mine, true), all(room.words.all_theirs, false)] : [])
    );
    // Esc decides nothing: the two stand until one is chosen.
    dialog.oncancel = (event) => event.preventDefault();
    open(dialog);
    list.querySelector("button").focus();
  };

  function clashRow(clash, settle) {
    const row = make("div", "qr-clash");
    const criterion = room.card.all().find((each) => each.key === clash.criterion);
    const title = (criterion ? criterion.title + ": " : "") + room.words[clash.field];
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", title);
    row.append(make("h3", "", title));
    [["mine", true], ["theirs", false]].forEach(([name, keepsMine]) => {
      const side = make("div", "qr-side");
      const button = make("button", "so-button plain", room.words[name]);
      button.type = "button";
      button.addEventListener("click", () => settle(clash, keepsMine, row));
      side.append(button, make("p", "qr-version", inWords(criterion, clash.field, clash[name])));
      row.append(side);
    });
    return row;
  }

  function inWords(criterion, field, value) {
    if (value === "" || (Array.isArray(value) && !value.length)) return "– " + room.words.nothing;
    if (typeof value === "boolean") return value ? room.words.yes : room.words.no;
    const named = (list, key) => (list.find((each) => (each.key || each.id) === key) || {});
    if (field === "level") return named(criterion.levels, value).label || value;
    if (field === "checked") return value.map((key) => named(criterion.checks, key).text || key).join(" · ");
    if (field === "root_causes") return value.map((id) => named(state().causes, id).name || id).join(", ");
    return String(value);
  }

  dialogs.wire = function () {
    byId("room-pin-form").addEventListener("submit", savePin);
    byId("room-skip-form").addEventListener("submit", skip);
    byId("room-skip-form").addEventListener("keydown", onSkipKey);
    document.querySelectorAll("dialog [data-close]").forEach((button) => {
      button.addEventListener("click", () => button.closest("dialog").close());
    });
    document.querySelectorAll(".so-dialog").forEach((dialog) => dialog.addEventListener("close", giveBack));
  };

  room.dialogs = dialogs;
})();
