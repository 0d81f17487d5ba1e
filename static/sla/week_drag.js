// Draw opening hours on the week grid: drag over free time adds, a click on a bar removes it.
// Both only edit the text beside it, which is what is saved.
(function () {
  "use strict";
  const STEP = 30; // minutes a drag snaps to
  const DAY = 1440;

  function pad(number) { return String(number).padStart(2, "0"); }
  function text(minute) { return pad(Math.floor(minute / 60)) + ":" + pad(minute % 60); }

  function bars(output) {
    return Array.from(output.querySelectorAll("span:not(.draft)")).map(function (span) {
      const start = Math.round(parseFloat(span.style.left) * DAY / 100);
      return [start, start + Math.round(parseFloat(span.style.width) * DAY / 100)];
    });
  }

  function joined(intervals) {
    const merged = [];
    intervals.sort(function (a, b) { return a[0] - b[0]; }).forEach(function (next) {
      const last = merged[merged.length - 1];
      if (last && next[0] <= last[1]) last[1] = Math.max(last[1], next[1]);
      else merged.push(next);
    });
    return merged;
  }

  function write(output, intervals) {
    const input = document.getElementById(output.getAttribute("for"));
    input.value = intervals.map(function (pair) { return text(pair[0]) + "-" + text(pair[1]); }).join(", ");
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function minuteAt(output, event) {
    const box = output.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return Math.round(share * DAY / STEP) * STEP;
  }

  function watch(output) {
    let from = null;
    let draft = null;

    function span(event) {
      const to = minuteAt(output, event);
      return [Math.min(from, to), Math.max(from, to)];
    }

    output.addEventListener("pointerdown", function (event) {
      if (output.closest("fieldset").disabled || event.button !== 0) return;
      if (event.target !== output) {
        const index = Array.from(output.children).indexOf(event.target);
        write(output, bars(output).filter(function (_pair, place) { return place !== index; }));
        return;
      }
      from = minuteAt(output, event);
      draft = document.createElement("span");
      draft.className = "draft";
      output.append(draft);
      output.setPointerCapture(event.pointerId);
    });
    output.addEventListener("pointermove", function (event) {
      if (!draft) return;
      const pair = span(event);
      draft.style.left = 100 * pair[0] / DAY + "%";
      draft.style.width = 100 * (pair[1] - pair[0]) / DAY + "%";
    });
    output.addEventListener("pointerup", function (event) {
      if (!draft) return;
      const pair = span(event);
      draft.remove();
      draft = null;
      if (pair[1] > pair[0]) write(output, joined(bars(output).concat([pair])));
    });
    output.addEventListener("pointercancel", function () {
      if (draft) draft.remove();
      draft = null;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("#calendar-form output[data-day]").forEach(watch);
  });
})();
