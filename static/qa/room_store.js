// What the server has confirmed and what it has not: nothing typed is ever only in memory.
// Unsaved changes lie in localStorage under the review's number until the server confirms.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const OVERALL = "*";
  const EMPTY = {
    level: "", checked: [], is_na: false, text: "", comment: "", root_causes: [], seen: [],
    strengths: "", focus: "", is_exemplary: false,
  };

  function same(one, other) {
    return JSON.stringify(one) === JSON.stringify(other);
  }

  // state: the server's; pending: {"criterion/field": {base, mine}}; pins: operations.
  function Store(state) {
    this.state = state;
    this.pending = {};
    this.pinWork = [];
    this.undoable = [];
    this.listeners = [];
    this.key = "so-review-" + state.review.id;
  }

  Store.prototype.listen = function (listener) {
    this.listeners.push(listener);
  };

  Store.prototype.tell = function () {
    this.listeners.forEach((listener) => listener());
  };

  Store.prototype.confirmed = function (criterion, field) {
    const held = criterion === OVERALL ? this.state.overall : this.state.answers[criterion];
    return held && field in held ? held[field] : EMPTY[field];
  };

  Store.prototype.value = function (criterion, field) {
    const change = this.pending[criterion + "/" + field];
    return change ? change.mine : this.confirmed(criterion, field);
  };

  Store.prototype.evidence = function (criterion) {
    const held = this.state.answers[criterion];
    return (held && held.evidence) || {};
  };

  // Several fields at once are undone at once: a level takes "does not apply" with it.
  Store.prototype.change = function (criterion, fields, options) {
    const before = {};
    Object.keys(fields).forEach((field) => {
      const was = this.value(criterion, field);
      if (same(was, fields[field])) return;
      before[field] = was;
      this.put(criterion, field, fields[field]);
    });
    if (!Object.keys(before).length) return false;
    if (!options || options.undoable !== false) {
      this.undoable.push({ criterion: criterion, fields: before });
    }
    this.keep();
    this.tell();
    return true;
  };

  Store.prototype.put = function (criterion, field, mine) {
    const name = criterion + "/" + field;
    const base = this.pending[name] ? this.pending[name].base : this.confirmed(criterion, field);
    this.pending[name] = { base: base, mine: mine };
  };

  Store.prototype.undo = function () {
    const last = this.undoable.pop();
    if (!last) return null;
    this.change(last.criterion, last.fields, { undoable: false });
    return last;
  };

  Store.prototype.isClean = function () {
    return !Object.keys(this.pending).length && !this.pinWork.length;
  };

  // One change a criterion, as the server takes them, and what exactly was sent.
  Store.prototype.outgoing = function () {
    const sent = Object.assign({}, this.pending);
    const byCriterion = {};
    Object.keys(sent).forEach((name) => {
      const at = name.indexOf("/");
      const criterion = name.slice(0, at);
      byCriterion[criterion] = byCriterion[criterion] || {};
      byCriterion[criterion][name.slice(at + 1)] = sent[name].mine;
    });
    const changes = Object.keys(byCriterion).map((criterion) =>
      criterion === OVERALL
        ? byCriterion[criterion]
        : Object.assign({ criterion: criterion }, byCriterion[criterion])
    );
    return { sent: sent, changes: changes };
  };

  // What was changed again while it was on its way stays pending, on the new base.
  Store.prototype.confirm = function (sent, reply) {
    Object.keys(sent).forEach((name) => {
      const at = name.indexOf("/");
      const criterion = name.slice(0, at);
      const field = name.slice(at + 1);
      this.hold(criterion, field, sent[name].mine);
      const now = this.pending[name];
      if (now && same(now.mine, sent[name].mine)) delete this.pending[name];
      else if (now) now.base = sent[name].mine;
    });
    this.standing(reply);
    Object.keys(reply.sources || {}).forEach((key) => {
      if (this.state.answers[key]) this.state.answers[key].source = reply.sources[key];
    });
    this.keep();
    this.tell();
  };

  Store.prototype.hold = function (criterion, field, value) {
    if (criterion === OVERALL) this.state.overall[field] = value;
    else {
      this.state.answers[criterion] = this.state.answers[criterion] || {};
      this.state.answers[criterion][field] = value;
    }
  };

  Store.prototype.standing = function (reply) {
    ["revision", "shown", "missing", "score", "raw", "passed", "failed"].forEach((name) => {
      if (name in reply) this.state[name] = reply[name];
    });
    if ("seconds" in reply) this.state.seconds = Math.max(this.state.seconds, reply.seconds);
  };

  // Lay unsaved changes on what the server says now. Returns those where both differ.
  Store.prototype.rebase = function (now) {
    const clashes = [];
    ["answers", "overall", "pins"].forEach((name) => {
      this.state[name] = now[name];
    });
    this.standing(now);
    Object.keys(this.pending).forEach((name) => {
      const at = name.indexOf("/");
      const criterion = name.slice(0, at);
      const field = name.slice(at + 1);
      const theirs = this.confirmed(criterion, field);
      const change = this.pending[name];
      if (same(theirs, change.mine)) delete this.pending[name];
      else if (field === "seen") {
        change.mine = Array.from(new Set(theirs.concat(change.mine)));
        change.base = theirs;
      } else if (!same(theirs, change.base)) {
        clashes.push({ name: name, criterion: criterion, field: field, mine: change.mine, theirs: theirs });
      }
    });
    this.keep();
    this.tell();
    return clashes;
  };

  // Answer a clash: keep mine on top of theirs, or let mine go.
  Store.prototype.settle = function (clash, keepsMine) {
    if (keepsMine) this.pending[clash.name] = { base: clash.theirs, mine: clash.mine };
    else delete this.pending[clash.name];
    this.keep();
    this.tell();
  };

  Store.prototype.addPinWork = function (work) {
    this.pinWork.push(work);
    this.keep();
    this.tell();
  };

  Store.prototype.keep = function () {
    try {
      if (this.isClean()) window.localStorage.removeItem(this.key);
      else {
        window.localStorage.setItem(
          this.key,
          JSON.stringify({ revision: this.state.revision, pending: this.pending, pinWork: this.pinWork })
        );
      }
    } catch {
      // A full or forbidden storage: the page still saves to the server.
    }
  };

  // Changes of an earlier visit that the server never confirmed. Returns clashes.
  Store.prototype.recall = function () {
    let kept = null;
    try {
      kept = JSON.parse(window.localStorage.getItem(this.key) || "null");
    } catch {
      kept = null;
    }
    if (!kept) return [];
    this.pending = kept.pending || {};
    this.pinWork = kept.pinWork || [];
    return this.rebase(this.state);
  };

  Store.prototype.forget = function () {
    this.pending = {};
    this.pinWork = [];
    this.keep();
  };

  room.Store = Store;
  room.OVERALL = OVERALL;
  room.same = same;
})();
