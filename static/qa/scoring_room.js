// The scoring room put together: one review after another without a page load.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  let showsScore = false;
  let warned = false;
  let isEnding = false;
  let alertStands = null;
  let noting = 0;
  let beforeNote = [];
  const NOTE_STAYS = 4000;

  function byId(id) {
    return document.getElementById(id);
  }

  room.say = function (name, values) {
    return Object.keys(values || {}).reduce(
      (words, key) => words.replaceAll("%(" + key + ")s", values[key]), room.words[name] || name
    );
  };

  room.announce = function (words) {
    byId("room-said").textContent = words;
  };

  // `stands` says whether the words still hold; without it they stay until the next ones.
  room.alert = function (words, stands) {
    alertStands = stands || null;
    byId("room-alert").textContent = words;
    byId("room-alert").hidden = !words;
  };

  // A word in the status line, which then says again whether all is saved.
  room.note = function (words) {
    window.clearTimeout(noting);
    const saved = byId("room-saved");
    if (saved.dataset.status !== "note") beforeNote = [saved.dataset.status, saved.textContent];
    status("note", words);
    noting = window.setTimeout(() => {
      if (saved.dataset.status === "note") status(...beforeNote);
    }, NOTE_STAYS);
  };

  // Showing ------------------------------------------------------------------------------

  function bar() {
    const state = room.store.state;
    const title = "#" + state.ticket.id + " " + state.ticket.subject;
    byId("room-title").textContent = title + (state.agent ? " – " + state.agent : "");
    document.title = title;
    byId("room-place").textContent = state.place;
    byId("room-due").textContent = state.review.due;
    byId("room-due").hidden = !state.review.due;
    byId("room-due").classList.toggle("late", state.review.is_late);
    byId("room-skip").hidden = !state.review.may_skip;
  }

  function score() {
    const state = room.store.state;
    const button = byId("room-score");
    button.setAttribute("aria-pressed", String(showsScore));
    if (!showsScore) {
      button.textContent = room.words.score_hidden;
      return;
    }
    const titles = state.failed.map((key) => room.card.all().find((each) => each.key === key).title);
    const fails = titles.length ? ", " + room.say("fails", { names: titles.join(", ") }) : "";
    button.textContent = room.words.score + ": " + (state.score === null ? room.words.no_score : state.score) + fails;
  }

  room.toggleScore = function () {
    showsScore = !showsScore;
    score();
    if (showsScore) room.announce(byId("room-score").textContent);
  };

  function status(name, words) {
    const saved = byId("room-saved");
    const said = words || room.words[name];
    if (saved.textContent !== said) saved.textContent = said;
    saved.dataset.status = name;
  }

  function refresh() {
    room.card.refresh();
    room.talk.marks();
    room.dialogs.drawPins();
    score();
    if (alertStands && !alertStands()) room.alert("");
  }

  // Opening ------------------------------------------------------------------------------

  function enter(state) {
    if (room.sync) room.sync.stop();
    const store = (room.store = new room.Store(state));
    room.sync = new room.Sync(store, {
      status: status,
      clash: room.dialogs.clash,
      merged: () => room.announce(room.words.merged),
      refused: (message) => {
        status("unsaved");
        room.alert(room.say("refused", { message: message }));
      },
    });
    warned = false;
    const clashes = store.recall();
    room.startTimer(state.seconds);
    bar();
    room.talk.draw(store);
    room.card.draw(store);
    refresh();
    store.listen(() => {
      refresh();
      if (store.isClean()) return;
      warned = false;
      room.sync.soon();
    });
    status("saved");
    if (clashes.length) {
      room.sync.halted = true;
      room.dialogs.clash(clashes);
    } else if (!store.isClean()) room.sync.soon(0);
    const first = room.card.shown()[0];
    if (first && !clashes.length) room.card.go(first.key);
  }

  async function load(url) {
    try {
      enter(await room.ask(url + "state/"));
      return true;
    } catch (error) {
      if (!error.code) throw error;
      room.alert(error.message);
      return false;
    }
  }

  // Ending -------------------------------------------------------------------------------

  function mayGo() {
    const boxes = room.card.unconfirmed();
    if (!boxes || warned) return true;
    warned = true;
    room.alert(
      room.say(boxes === 1 ? "confirm_one" : "confirm_many", { n: boxes }),
      () => room.card.unconfirmed() > 0
    );
    return false;
  }

  async function savedAll() {
    // What is typed while a save runs is sent by the next one.
    for (let tries = 0; tries < 5; tries += 1) {
      if (await room.sync.flush()) return true;
      if (room.sync.halted || room.sync.failures) return false;
    }
    return false;
  }

  async function end(url, data, words) {
    if (isEnding) return;
    isEnding = true;
    room.alert("");
    try {
      if (!(await savedAll())) return;
      const state = room.store.state;
      const reply = await room.ask(url, Object.assign({ revision: state.revision }, data));
      room.store.forget();
      await goOn(reply, words);
    } catch (error) {
      if (!error.code) throw error;
      if (error.code === "unfinished") {
        room.store.state.missing = error.missing;
        room.card.tellMissing();
      }
      if (error.code === "stale_review") room.sync.failed(error);
      else if (error.code === "unfinished") room.alert(error.message, stillMissing(error.missing));
      else room.alert(error.message);
    } finally {
      isEnding = false;
    }
  }

  // The words name these criteria: once one of them is finished, they are no longer true.
  function stillMissing(told) {
    const named = told.map((gap) => gap.criterion);
    return () => {
      const open_ = room.store.state.missing.map((gap) => gap.criterion);
      return named.every((key) => open_.includes(key));
    };
  }

  async function goOn(reply, words) {
    if (!reply.next) {
      window.location.assign(byId("room").dataset.inbox);
      return;
    }
    window.history.pushState({}, "", reply.url);
    if (await load(reply.url)) room.announce(words);
  }

  // Gaps are told before boxes: what is missing stays missing, a box may be left.
  room.submit = async function () {
    if (isEnding || !(await savedAll())) return;
    if (room.store.state.missing.length || mayGo()) {
      await end(room.store.state.review.urls.submit, {}, room.words.submitted);
    }
  };

  room.skip = function (code, reason) {
    end(room.store.state.review.urls.skip, { code: code, reason: reason }, room.words.skipped);
  };

  // Starting -----------------------------------------------------------------------------

  document.addEventListener("DOMContentLoaded", () => {
    room.words = JSON.parse(byId("room-words").textContent);
    room.wireTimer();
    room.wireKeys();
    room.dialogs.wire();
    const acts = { help: room.dialogs.help, submit: room.submit, skip: room.dialogs.skip, score: room.toggleScore };
    document.querySelectorAll("[data-act]").forEach((button) => {
      button.addEventListener("click", () => acts[button.dataset.act]());
    });
    enter(JSON.parse(byId("room-state").textContent));
    window.addEventListener("online", () => room.sync.flush());
    window.addEventListener("popstate", () => window.location.reload());
    document.addEventListener("visibilitychange", () => { if (document.hidden) room.sync.flush(); });
    window.setInterval(() => room.sync.flush(), 30000);
  });
})();
