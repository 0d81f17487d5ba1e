// Sends what is unsaved, one request at a time, until the server confirms it.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const AFTER = 400;
  const RETRIES = [2000, 4000, 8000, 15000];

  function RoomError(code, message, more) {
    this.code = code;
    this.message = message;
    Object.assign(this, more);
  }

  async function ask(url, data) {
    const options = { headers: { Accept: "application/json" }, credentials: "same-origin" };
    if (data) {
      options.method = "POST";
      options.headers["Content-Type"] = "application/json";
      options.headers["X-CSRFToken"] = document.getElementById("room").dataset.csrf;
      options.body = JSON.stringify(data);
    }
    let reply;
    try {
      reply = await fetch(url, options);
    } catch {
      throw new RoomError("offline", room.words.offline);
    }
    const isJson = (reply.headers.get("Content-Type") || "").includes("application/json");
    if (!isJson) {
      if (reply.status >= 500) throw new RoomError("offline", room.words.offline);
      throw new RoomError(reply.status === 404 ? "gone" : "signed_out", room.words.signed_out);
    }
    const found = await reply.json();
    if (reply.ok) return found;
    throw new RoomError(found.code, found.message, found);
  }

  // hooks: status(name, words), clash(list), merged(), refused(message)
  function Sync(store, hooks) {
    this.store = store;
    this.hooks = hooks;
    this.timer = 0;
    this.failures = 0;
    this.running = null;
    this.halted = false;
  }

  Sync.prototype.soon = function (wait) {
    if (this.halted) return;
    this.hooks.status("unsaved");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.flush(), wait === undefined ? AFTER : wait);
  };

  // Resolves to true once everything is saved, to false when that could not be done.
  Sync.prototype.flush = async function () {
    window.clearTimeout(this.timer);
    while (this.running) await this.running;
    if (this.halted) return false;
    this.running = this.send();
    try {
      return await this.running;
    } finally {
      this.running = null;
    }
  };

  Sync.prototype.send = async function () {
    const timeIsUnsaved = room.seconds() - this.store.state.seconds >= 20;
    if (this.store.isClean() && !timeIsUnsaved) {
      this.hooks.status("saved");
      return true;
    }
    this.hooks.status("saving");
    try {
      if (Object.keys(this.store.pending).length || timeIsUnsaved) await this.sendAnswers();
      while (this.store.pinWork.length) await this.sendPin(this.store.pinWork[0]);
    } catch (error) {
      return this.failed(error);
    }
    this.failures = 0;
    if (!this.store.isClean()) {
      this.soon(50);
      return false;
    }
    this.hooks.status("saved");
    return true;
  };

  Sync.prototype.sendAnswers = async function () {
    const state = this.store.state;
    const { sent, changes } = this.store.outgoing();
    const reply = await ask(state.review.urls.save, {
      revision: state.revision,
      changes: changes,
      seconds: room.seconds(),
    });
    this.store.confirm(sent, reply);
  };

  Sync.prototype.sendPin = async function (work) {
    const state = this.store.state;
    let reply;
    try {
      reply = await ask(state.review.urls.pins, work);
    } catch (error) {
      const isFinal = !["offline", "signed_out", "gone"].includes(error.code);
      if (isFinal) {
        // A pin that is refused would be refused for ever: say so and go on.
        this.store.pinWork.shift();
        this.store.keep();
      }
      throw error;
    }
    this.store.pinWork.shift();
    const pins = state.pins.filter((pin) => !(work.id && pin.id === work.id) && !(reply.pin && pin.id === reply.pin.id));
    if (reply.pin) pins.push(reply.pin);
    state.pins = pins;
    state.revision = reply.revision;
    this.store.keep();
    this.store.tell();
  };

  Sync.prototype.failed = function (error) {
    if (!(error instanceof RoomError)) throw error;
    if (error.code === "stale_review") {
      const clashes = this.store.rebase(error.now);
      if (clashes.length) {
        this.halted = true;
        this.hooks.clash(clashes);
        return false;
      }
      this.hooks.merged();
      this.soon(0);
      return false;
    }
    if (error.code === "offline" || error.code === "signed_out") {
      this.hooks.status(error.code, error.message);
      const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
      this.failures += 1;
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.flush(), wait);
      return false;
    }
    this.hooks.refused(error.message);
    return false;
  };

  Sync.prototype.resume = function () {
    this.halted = false;
    return this.flush();
  };

  Sync.prototype.stop = function () {
    this.halted = true;
    window.clearTimeout(this.timer);
  };

  room.ask = ask;
  room.Sync = Sync;
})();
