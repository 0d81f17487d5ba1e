// The conversation: numbered messages, what rules and pins mark in them, and choosing a
// passage by mouse or sentence by sentence from the keyboard.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const SENTENCE = /[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*/g;
  const talk = {};
  let store = null;
  let drawnMarks = "";
  let picked = null;

  function make(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text) node.textContent = text;
    return node;
  }

  // The server counts characters, a browser counts halves of the rarer ones.
  function toServer(body, offset) {
    return Array.from(body.slice(0, offset)).length;
  }

  function fromServer(body, count) {
    return Array.from(body).slice(0, count).join("").length;
  }

  function panel() {
    return document.getElementById("room-talk");
  }

  talk.messages = function () {
    return Array.from(panel().querySelectorAll(".so-message"));
  };

  function bodyOf(id) {
    const message = document.getElementById("message-" + id);
    return message ? message.querySelector(".qr-body") : null;
  }

  function lineOf(id) {
    return store.state.lines.find((line) => line.id === id);
  }

  talk.draw = function (newStore) {
    store = newStore;
    drawnMarks = "";
    picked = null;
    const state = store.state;
    const title = make("h2", "so-hidden", panel().getAttribute("aria-label"));
    const facts = make("dl", "qr-facts");
    state.facts.forEach((fact) => {
      const one = make("div");
      one.append(make("dt", "", fact.label), make("dd", fact.tone ? "tone " + fact.tone : "", fact.value));
      facts.append(one);
    });
    const list = make("ol", "so-timeline qr-lines");
    state.lines.forEach((line) => list.append(line.events ? folded(line) : message(line)));
    const parts = [title, facts, list];
    if (state.note) parts.splice(1, 0, make("p", "so-note qr-note", state.note));
    panel().replaceChildren(...parts);
    panel().scrollTop = 0;
    talk.marks();
  };

  function folded(line) {
    const item = make("li", "so-events");
    const details = make("details");
    const list = make("ul");
    line.events.forEach((event) => list.append(make("li", "", event)));
    details.append(make("summary", "", line.summary), list);
    item.append(details);
    return item;
  }

  function message(line) {
    const item = make("li", "so-message " + line.direction);
    item.id = "message-" + line.id;
    item.dataset.message = line.id;
    item.tabIndex = -1;
    item.setAttribute("aria-label", room.say("message", { n: line.number }) + ", " + line.who);
    const head = make("div", "so-note qr-head");
    const who = make("span");
    who.append(make("span", "qr-number", String(line.number)), make("strong", "", line.who));
    if (line.is_agent) who.append(make("span", "so-chip", room.words.agent));
    if (line.direction === "internal") who.append(make("span", "so-chip watch", room.words.internal));
    if (line.note) who.append(make("span", "", line.note));
    head.append(who, make("span", "", line.at));
    const body = make("div", "qr-body");
    body.textContent = line.body;
    item.append(head, body);
    return item;
  }

  // Marks --------------------------------------------------------------------------------

  function allMarks() {
    const marks = store.state.pins.map((pin) => ({
      message: pin.message, start: pin.start, end: pin.end, title: pin.text || room.words[pin.tone],
      className: "qr-pin " + pin.tone.toLowerCase(),
    }));
    store.pinWork.filter((work) => work.op === "add").forEach((pin) => {
      marks.push({
        message: pin.message, start: pin.start, end: pin.end, title: pin.text,
        className: "qr-pin " + pin.tone.toLowerCase(),
      });
    });
    Object.keys(store.state.answers).forEach((criterion) => {
      const evidence = store.evidence(criterion);
      Object.keys(evidence).forEach((check) => {
        evidence[check].spans.forEach(([id, start, end]) => {
          marks.push({
            message: id, start: start, end: end, title: evidence[check].why,
            className: "qr-evidence" + (evidence[check].found ? "" : " doubt"),
          });
        });
      });
    });
    return marks;
  }

  talk.marks = function () {
    const marks = allMarks();
    const drawn = JSON.stringify(marks);
    if (drawn === drawnMarks) return;
    drawnMarks = drawn;
    store.state.lines.forEach((line) => {
      if (line.events) return;
      const body = bodyOf(line.id);
      const own = marks.filter((mark) => mark.message === line.id);
      if (own.length || body.childElementCount) body.replaceChildren(...pieces(line.body, own));
    });
  };

  function pieces(text, marks) {
    const spans = marks.map((mark) =>
      Object.assign({}, mark, { start: fromServer(text, mark.start), end: fromServer(text, mark.end) })
    );
    const borders = new Set([0, text.length]);
    spans.forEach((span) => borders.add(span.start).add(span.end));
    const sorted = Array.from(borders).sort((one, other) => one - other);
    return sorted.slice(0, -1).map((start, index) => {
      const end = sorted[index + 1];
      const over = spans.filter((span) => span.start <= start && span.end >= end);
      if (!over.length) return document.createTextNode(text.slice(start, end));
      const node = make("span", over.map((span) => span.className).join(" "), text.slice(start, end));
      node.title = over.map((span) => span.title).filter(Boolean).join("\n");
      return node;
    });
  }

  talk.show = function (id, start) {
    const message = document.getElementById("message-" + id);
    if (!message) return;
    talk.focus(message);
    if (start === undefined) return;
    const line = lineOf(id);
    select(line, fromServer(line.body, start[0]), fromServer(line.body, start[1]));
  };

  // Moving and choosing ------------------------------------------------------------------

  talk.current = function () {
    return panel().querySelector(".so-message.here");
  };

  talk.focus = function (message) {
    talk.messages().forEach((each) => each.classList.toggle("here", each === message));
    message.focus({ preventScroll: true });
    message.scrollIntoView({ block: "nearest" });
  };

  talk.move = function (step) {
    const all = talk.messages();
    if (!all.length) return;
    const at = all.indexOf(talk.current());
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
    picked = null;
    talk.focus(all[next]);
  };

  function sentencesOf(text) {
    const found = [];
    for (const match of text.matchAll(SENTENCE)) {
      const lead = match[0].length - match[0].trimStart().length;
      const end = match.index + match[0].trimEnd().length;
      if (end > match.index + lead) found.push([match.index + lead, end]);
    }
    return found;
  }

  talk.pick = function () {
    const message = talk.current() || talk.messages()[0];
    if (!message) return false;
    const line = lineOf(Number(message.dataset.message));
    const sentences = sentencesOf(line.body);
    if (!sentences.length) return false;
    if (talk.current() !== message) talk.focus(message);
    picked = { line: line, sentences: sentences, from: 0, to: 0 };
    paint();
    return true;
  };

  talk.isPicking = function () {
    return picked !== null;
  };

  talk.step = function (step, extends_) {
    const last = picked.sentences.length - 1;
    picked.to = Math.min(last, Math.max(0, picked.to + step));
    if (!extends_) picked.from = picked.to;
    paint();
  };

  function paint() {
    const first = picked.sentences[Math.min(picked.from, picked.to)];
    const last = picked.sentences[Math.max(picked.from, picked.to)];
    select(picked.line, first[0], last[1]);
    room.announce(picked.line.body.slice(first[0], last[1]));
  }

  talk.unpick = function () {
    picked = null;
    window.getSelection().removeAllRanges();
  };

  function place(body, offset) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    let left = offset;
    let node = walker.nextNode();
    while (node && left > node.length) {
      left -= node.length;
      node = walker.nextNode();
    }
    return node ? [node, left] : [body, 0];
  }

  function select(line, start, end) {
    const body = bodyOf(line.id);
    window.getSelection().setBaseAndExtent(...place(body, start), ...place(body, end));
    const at = place(body, start)[0];
    const element = at.nodeType === Node.TEXT_NODE ? at.parentElement : at;
    element.scrollIntoView({ block: "nearest" });
  }

  // The selected passage of one message, as the server counts; null for none.
  talk.passage = function () {
    const selection = window.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const inside = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".qr-body");
    const body = inside(range.startContainer);
    if (!body || body !== inside(range.endContainer)) return null;
    const line = lineOf(Number(body.closest(".so-message").dataset.message));
    const before = document.createRange();
    before.setStart(body, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = before.toString().length;
    const quote = range.toString();
    return {
      message: line.id,
      start: toServer(line.body, start),
      end: toServer(line.body, start + quote.length),
      quote: quote,
    };
  };

  room.make = make;
  room.talk = talk;
})();
