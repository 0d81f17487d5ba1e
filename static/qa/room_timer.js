// Counts the seconds in which somebody works: not while the tab is hidden, and not after
// thirty seconds without a key, a movement or a scroll.
(function () {
  "use strict";
  const room = (window.soRoom = window.soRoom || {});
  const IDLE = 30000;
  let seconds = 0;
  let lastSeen = Date.now();

  function isActive() {
    return !document.hidden && Date.now() - lastSeen < IDLE;
  }

  function show() {
    const minutes = Math.floor(seconds / 60);
    const timer = document.getElementById("room-timer");
    timer.textContent = minutes + ":" + String(seconds % 60).padStart(2, "0");
    timer.classList.toggle("idle", !isActive());
  }

  room.seconds = function () {
    return seconds;
  };

  room.startTimer = function (from) {
    seconds = from;
    lastSeen = Date.now();
    show();
  };

  room.wireTimer = function () {
    ["keydown", "pointermove", "pointerdown", "wheel", "touchmove", "scroll"].forEach((name) => {
      document.addEventListener(name, () => { lastSeen = Date.now(); }, { capture: true, passive: true });
    });
    window.setInterval(() => {
      if (isActive()) seconds += 1;
      show();
    }, 1000);
  };
})();
