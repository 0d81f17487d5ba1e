// The scorecard: criteria, levels, boxes, comments. Drawn once a review, then kept current.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const card = {};
  let store = null;
  let current = "";
  let tellsMissing = false;
  const make = (...values) => room.make(...values);

  function box() {
    return document.getElementById("room-criteria");
  }

  card.all = function () {
    return store.state.sections.flatMap((section) => section.criteria);
  };

  card.shown = function () {
    return card.all().filter((each) => store.state.shown.includes(each.key));
  };

  card.current = function () {
    return card.all().find((each) => each.key === current);
  };

  card.section = function (key) {
    return document.getElementById("criterion-" + key);
  };

  card.draw = function (newStore) {
    store = newStore;
    tellsMissing = false;
    const parts = [];
    let number = 0;
    store.state.sections.forEach((section) => {
      parts.push(make("h2", "qr-section", section.title));
      section.criteria.forEach((criterion) => {
        number += 1;
        parts.push(drawn(criterion, number));
      });
    });
    box().replaceChildren(...parts);
    drawOverall();
    current = (card.shown()[0] || { key: "" }).key;
    card.refresh();
    document.getElementById("room-card").scrollTop = 0;
  };

  function drawn(criterion, number) {
    const section = make("section", "qr-criterion");
    section.id = "criterion-" + criterion.key;
    section.dataset.key = criterion.key;
    section.tabIndex = -1;
    const title = make("h3", "", number + ". " + criterion.title);
    title.id = "title-" + criterion.key;
    if (criterion.is_critical) title.append(make("span", "so-chip late", room.words.critical));
    section.setAttribute("aria-labelledby", title.id);
    section.append(title);
    if (criterion.guidance) section.append(make("p", "so-note qr-more", criterion.guidance));
    if (criterion.kind === "levels") section.append(levels(criterion, title.id));
    if (criterion.kind === "checklist") section.append(checks(criterion));
    if (criterion.kind === "text") section.append(field(criterion.key, "text", room.words.answer));
    if (criterion.na_allowed && store.state.na_allowed) section.append(notApplicable(criterion));
    if (criterion.kind !== "text") section.append(room.causes.draw(criterion));
    section.append(field(criterion.key, "comment", room.words.comment));
    const cases = store.state.cases[criterion.key] || [];
    if (cases.length) section.append(casesOf(cases));
    const missing = make("p", "sla-error qr-missing");
    missing.setAttribute("role", "alert");
    section.append(missing);
    section.addEventListener("focusin", () => card.stand(criterion.key));
    return section;
  }

  function levels(criterion, titleId) {
    const group = make("div", "qr-levels");
    group.setAttribute("role", "radiogroup");
    group.setAttribute("aria-labelledby", titleId);
    criterion.levels.forEach((level) => {
      const label = make("label", "qr-level");
      const radio = make("input");
      radio.type = "radio";
      radio.name = "level-" + criterion.key;
      radio.value = level.key;
      radio.addEventListener("change", () => card.choose(criterion, level.key));
      const words = make("span", "qr-words");
      words.append(make("strong", "", level.label), make("span", "so-note", " " + room.say("points", { n: level.points })));
      if (level.anchor) words.append(make("span", "qr-anchor", level.anchor));
      label.append(radio, make("kbd", level.digit ? "" : "qr-none", level.digit), words);
      group.append(label);
    });
    return group;
  }

  function notApplicable(criterion) {
    const label = make("label", "qr-na");
    const input = make("input");
    input.type = "checkbox";
    input.dataset.na = criterion.key;
    input.addEventListener("change", () => card.toggleNa(criterion));
    label.append(input, make("kbd", "", "n"), make("span", "", room.words.na));
    return label;
  }

  function checks(criterion) {
    const list = make("ul", "qr-checks");
    const evidence = store.evidence(criterion.key);
    criterion.checks.forEach((check) => {
      const item = make("li", "qr-check");
      const label = make("label");
      const input = make("input");
      input.type = "checkbox";
      input.value = check.key;
      input.addEventListener("change", () => card.toggleCheck(criterion, check.key));
      label.append(input, make("kbd", check.digit ? "" : "qr-none", check.digit), make("span", "", check.text));
      item.append(label);
      const found = evidence[check.key];
      if (found) item.append(ruleLine(criterion, check, found, input));
      list.append(item);
    });
    return list;
  }

  function ruleLine(criterion, check, found, input) {
    const line = make("p", "so-note qr-rule");
    line.id = "rule-" + criterion.key + "-" + check.key;
    input.setAttribute("aria-describedby", line.id);
    const verdict = found.found === null ? "rule_cannot_tell" : found.found ? "rule_found" : "rule_not_found";
    line.append(make("span", "so-chip " + (found.found ? "ok" : found.found === null ? "" : "watch"), room.words[verdict]));
    line.append(make("span", "", " " + found.why + " "), make("span", "qr-seen"));
    if (found.spans.length) {
      const show = make("button", "so-link", room.words.evidence);
      show.type = "button";
      show.tabIndex = -1;
      show.addEventListener("click", () => card.showEvidence(criterion.key, check.key));
      line.append(" ", show);
    }
    return line;
  }

  function field(criterion, name, words) {
    const label = make("label", "qr-field " + name);
    const area = make("textarea", "sla-input");
    area.rows = 2;
    area.maxLength = 10000;
    area.dataset.criterion = criterion;
    area.dataset.field = name;
    area.addEventListener("input", () => store.change(criterion, { [name]: area.value }));
    label.append(make("span", "", words), area);
    return label;
  }

  function casesOf(cases) {
    const details = make("details", "qr-cases");
    details.append(make("summary", "", room.say("cases", { n: cases.length })));
    cases.forEach((one) => {
      const item = make("div", "qr-case");
      item.append(make("strong", "", one.level), make("p", "", one.reason));
      if (one.quote) item.append(make("blockquote", "qr-quote", one.quote));
      item.append(make("p", "so-note", one.at));
      details.append(item);
    });
    return details;
  }

  function drawOverall() {
    const overall = document.getElementById("room-overall");
    const exemplary = make("label", "qr-na");
    const input = make("input");
    input.type = "checkbox";
    input.id = "room-exemplary";
    input.addEventListener("change", () => store.change(room.OVERALL, { is_exemplary: input.checked }));
    exemplary.append(input, make("span", "", room.words.exemplary));
    overall.replaceChildren(
      make("h2", "qr-section", room.words.overall),
      field(room.OVERALL, "strengths", room.words.strengths),
      field(room.OVERALL, "focus", room.words.focus),
      exemplary
    );
  }

  // Keeping current ----------------------------------------------------------------------

  card.refresh = function () {
    card.all().forEach((criterion) => {
      const section = card.section(criterion.key);
      section.hidden = !store.state.shown.includes(criterion.key);
      section.classList.toggle("here", criterion.key === current);
      refreshAnswer(section, criterion);
      room.causes.refresh(criterion);
      const gaps = tellsMissing ? store.state.missing.filter((gap) => gap.criterion === criterion.key) : [];
      section.querySelector(".qr-missing").textContent = gaps.map((gap) => room.words["missing_" + gap.what]).join(" ");
    });
    document.querySelectorAll("#room-card textarea").forEach((area) => {
      const value = store.value(area.dataset.criterion, area.dataset.field);
      if (area.value !== value) area.value = value;
      area.closest("label").classList.toggle("filled", value !== "");
    });
    document.getElementById("room-exemplary").checked = store.value(room.OVERALL, "is_exemplary");
  };

  function refreshAnswer(section, criterion) {
    const level = store.value(criterion.key, "level");
    const isNa = store.value(criterion.key, "is_na");
    const checked = store.value(criterion.key, "checked");
    const seen = store.value(criterion.key, "seen");
    section.classList.toggle("answered", Boolean(level || isNa || checked.length));
    section.querySelectorAll(".qr-level").forEach((label) => {
      const radio = label.querySelector("input");
      radio.checked = radio.value === level;
      label.classList.toggle("chosen", radio.checked);
    });
    const na = section.querySelector("[data-na]");
    if (na) na.checked = isNa;
    section.querySelectorAll(".qr-check").forEach((item) => {
      const input = item.querySelector("input");
      input.checked = checked.includes(input.value);
      const mark = item.querySelector(".qr-seen");
      if (!mark) return;
      const isSeen = seen.includes(input.value);
      item.classList.toggle("unseen", !isSeen && card.suggests(criterion.key, input.value));
      mark.textContent = isSeen ? "· " + room.words.rule_seen : "";
    });
  }

  card.suggests = function (criterion, check) {
    const found = store.evidence(criterion)[check];
    return Boolean(found) && found.found !== null;
  };

  card.unconfirmed = function () {
    return card.shown().reduce((count, criterion) => {
      const seen = store.value(criterion.key, "seen");
      return count + criterion.checks.filter((check) => card.suggests(criterion.key, check.key) && !seen.includes(check.key)).length;
    }, 0);
  };

  card.tellMissing = function () {
    tellsMissing = true;
    card.refresh();
    const first = store.state.missing[0];
    if (first) card.go(first.criterion);
  };

  // Answering ----------------------------------------------------------------------------

  card.choose = function (criterion, level) {
    store.change(criterion.key, { level: level, is_na: false });
  };

  card.toggleNa = function (criterion) {
    const isNa = !store.value(criterion.key, "is_na");
    store.change(criterion.key, isNa ? { is_na: true, level: "", checked: [] } : { is_na: false });
  };

  card.toggleCheck = function (criterion, key) {
    const before = store.value(criterion.key, "checked");
    const after = criterion.checks.map((check) => check.key).filter((each) => (each === key) !== before.includes(each));
    const fields = { checked: after, is_na: false };
    if (store.evidence(criterion.key)[key]) fields.seen = withSeen(criterion.key, [key]);
    store.change(criterion.key, fields);
  };

  card.confirm = function (criterion, keys) {
    const told = keys.filter((key) => store.evidence(criterion.key)[key]);
    if (told.length) store.change(criterion.key, { seen: withSeen(criterion.key, told) });
  };

  function withSeen(criterion, keys) {
    return Array.from(new Set(store.value(criterion, "seen").concat(keys))).sort();
  }

  card.showEvidence = function (criterion, check) {
    const found = store.evidence(criterion)[check];
    if (found && found.spans.length) room.talk.show(found.spans[0][0], found.spans[0].slice(1));
  };

  // Moving -------------------------------------------------------------------------------

  card.stand = function (key) {
    if (key === current) return;
    current = key;
    card.all().forEach((each) => card.section(each.key).classList.toggle("here", each.key === key));
  };

  card.go = function (key) {
    card.stand(key);
    const section = card.section(key);
    const target =
      section.querySelector(".qr-level input:checked") ||
      section.querySelector(".qr-levels input, .qr-check input") ||
      section;
    target.focus({ preventScroll: true });
    section.scrollIntoView({ block: "nearest" });
  };

  card.move = function (step) {
    const shown = card.shown();
    const at = shown.findIndex((each) => each.key === current);
    const isInside = document.getElementById("room-card").contains(document.activeElement);
    const next = isInside ? Math.min(shown.length - 1, Math.max(0, at + step)) : Math.max(0, at);
    if (shown[next]) card.go(shown[next].key);
  };

  card.write = function (criterion, name) {
    const area = document.querySelector(
      'textarea[data-criterion="' + criterion + '"][data-field="' + name + '"]'
    );
    if (!area) return;
    area.focus();
    area.scrollIntoView({ block: "nearest" });
  };

  room.card = card;
})();
