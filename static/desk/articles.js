/* Loads the articles' panel of the ticket page, and works in it without a reload.
   Without this script its forms are ordinary forms of a page of their own. */
(function () {
  "use strict";

  var panel = document.querySelector("[data-articles]");
  if (!panel) return;
  var link = panel.innerHTML;

  function show(answer) {
    // A refusal comes with the panel too.
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    return answer.text().then(function (text) {
      panel.innerHTML = text;
    });
  }

  function failed() {
    panel.innerHTML = link;
    panel.querySelector("[data-articles-failed]").hidden = false;
  }

  function load(address, options) {
    var wanted = Object.assign({ credentials: "same-origin", redirect: "error" }, options);
    wanted.headers = { "X-Requested-With": "fetch" };
    panel.setAttribute("aria-busy", "true");
    return fetch(address, wanted)
      .then(show)
      .catch(failed)
      .then(function () {
        panel.removeAttribute("aria-busy");
      });
  }

  // What of title, link and passage the reply does not hold yet.
  function missing(box, button) {
    var parts = [button.dataset.insert, button.dataset.quote || ""];
    return parts
      .filter(function (part) {
        return part && box.value.indexOf(part) < 0;
      })
      .join("\n\n");
  }

  function insert(button) {
    var box = document.getElementById("id_reply_body");
    if (!box) return false;
    var text = missing(box, button);
    if (!text) {
      box.focus();
      return true;
    }
    var start = box.selectionStart;
    var before = box.value.slice(0, start);
    var gap = before && !before.endsWith("\n") ? "\n\n" : "";
    box.value = before + gap + text + "\n" + box.value.slice(box.selectionEnd);
    var end = (before + gap + text + "\n").length;
    box.focus();
    box.setSelectionRange(end, end);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }

  panel.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    var words = panel.querySelector("#da-q");
    var data = new URLSearchParams(new FormData(form));
    if (form.method === "get") {
      event.preventDefault();
      load(form.getAttribute("action") + "?" + data).then(function () {
        var box = panel.querySelector("#da-q");
        if (box) box.focus();
      });
      return;
    }
    if (button && button.dataset.insert && !insert(button)) return;
    event.preventDefault();
    if (button) data.set(button.name, button.value);
    var query = words && words.value ? "?q=" + encodeURIComponent(words.value) : "";
    load(form.getAttribute("action") + query, { method: "POST", body: data });
  });

  load(panel.dataset.articles);
})();
