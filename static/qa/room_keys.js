// Every step of the scoring room has a key. The help window lists them.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});

  function writes(target) {
    if (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)) return true;
    return target.tagName === "INPUT" && !/^(radio|checkbox|button)$/.test(target.type);
  }

  function focusedCheck() {
    const item = document.activeElement.closest && document.activeElement.closest(".qr-check");
    return item ? item.querySelector("input") : null;
  }

  function digit(key) {
    const criterion = room.card.current();
    if (!criterion) return;
    const level = criterion.levels.find((each) => each.digit === key);
    const check = criterion.checks.find((each) => each.digit === key);
    if (level) {
      room.card.choose(criterion, level.key);
      const radio = room.card.section(criterion.key).querySelector('input[type="radio"]:checked');
      if (radio) radio.focus({ preventScroll: true });
    } else if (check) {
      room.card.toggleCheck(criterion, check.key);
      const box = room.card.section(criterion.key).querySelector('.qr-check input[value="' + check.key + '"]');
      if (box) box.focus({ preventScroll: true });
    }
  }

  function moveBox(step) {
    const boxes = Array.from(room.card.section(room.card.current().key).querySelectorAll(".qr-check input"));
    const at = boxes.indexOf(focusedCheck());
    boxes[Math.min(boxes.length - 1, Math.max(0, at + step))].focus();
  }

  function confirmBoxes(all) {
    const criterion = room.card.current();
    const box = focusedCheck();
    if (!criterion || !box) return false;
    room.card.confirm(criterion, all ? criterion.checks.map((check) => check.key) : [box.value]);
    if (!all) moveBox(1);
    return true;
  }

  function openCases() {
    const criterion = room.card.current();
    const cases = criterion && room.card.section(criterion.key).querySelector(".qr-cases");
    if (cases) cases.open = !cases.open;
  }

  function undo() {
    const undone = room.store.undo();
    if (!undone) {
      room.announce(room.words.nothing_to_undo);
      return;
    }
    const criterion = room.card.all().find((each) => each.key === undone.criterion);
    if (criterion) room.card.go(criterion.key);
    const what = criterion ? criterion.title : room.words[Object.keys(undone.fields)[0]];
    room.announce(room.say("undone", { what: what }));
  }

  function evidence() {
    const box = focusedCheck();
    if (box) room.card.showEvidence(room.card.current().key, box.value);
  }

  function withCriterion(act) {
    const criterion = room.card.current();
    if (criterion) act(criterion);
  }

  const ACTS = {
    j: () => room.card.move(1),
    k: () => room.card.move(-1),
    n: () => withCriterion((criterion) => {
      if (criterion.na_allowed && room.store.state.na_allowed) room.card.toggleNa(criterion);
      else room.note(room.words.na_refused);
    }),
    x: () => { const box = focusedCheck(); if (box) room.card.toggleCheck(room.card.current(), box.value); },
    c: () => withCriterion((criterion) =>
      room.card.write(criterion.key, criterion.kind === "text" ? "text" : "comment")),
    r: () => withCriterion((criterion) => room.causes.toggle(criterion)),
    d: openCases,
    e: evidence,
    m: () => room.talk.move(1),
    M: () => room.talk.move(-1),
    v: () => room.talk.pick(),
    p: () => room.dialogs.pin(),
    s: () => room.card.write(room.OVERALL, "strengths"),
    f: () => room.card.write(room.OVERALL, "focus"),
    h: () => room.toggleScore(),
    u: undo,
    S: () => room.dialogs.skip(),
    "?": () => room.dialogs.help(),
  };

  // Arrows while sentences are chosen; Esc ends that.
  function whilePicking(event) {
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    if (event.key in steps) room.talk.step(steps[event.key], event.shiftKey);
    else if (event.key === "Escape") room.talk.unpick();
    else return false;
    return true;
  }

  function acts(event) {
    if (room.talk.isPicking() && whilePicking(event)) return true;
    if (/^[0-9]$/.test(event.key)) {
      digit(event.key);
      return true;
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && focusedCheck()) {
      moveBox(event.key === "ArrowDown" ? 1 : -1);
      return true;
    }
    if (event.key === "Enter") return confirmBoxes(event.shiftKey);
    if (event.key === "Escape") {
      room.alert("");
      return true;
    }
    const act = ACTS[event.key];
    if (act) act();
    return Boolean(act);
  }

  function leaveField(event) {
    const criterion = event.target.dataset.criterion;
    event.target.blur();
    if (criterion && criterion !== room.OVERALL) room.card.go(criterion);
    else document.getElementById("room-card").focus({ preventScroll: true });
  }

  function onKey(event) {
    if (room.dialogs.isOpen()) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      event.stopImmediatePropagation();
      room.submit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (writes(event.target)) {
      if (event.key === "Escape") leaveField(event);
      return;
    }
    if (event.target.closest(".qr-causes-list")) return;
    if (acts(event)) {
      event.preventDefault();
      // The keys of every other page do not listen here.
      event.stopImmediatePropagation();
    }
  }

  room.wireKeys = function () {
    document.addEventListener("keydown", onKey, true);
  };
})();
