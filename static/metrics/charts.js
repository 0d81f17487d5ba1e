// Draws every canvas[data-chart]: a share over time in colour, its target as a grey line.
// The numbers come from a script tag of type application/json; the same stand in a table.
"use strict";

(function () {
  const drawn = new Map();

  function token(name, fallback) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
  }

  function configuration(data) {
    const ink = token("--so-muted", "#64748b");
    const line = token("--so-line", "#e2e8f0");
    const known = data.values.filter((value) => value !== null);
    const least = Math.min(...known, data.target ?? 100);
    const dark = document.documentElement.classList.contains("dark");
    const colour = token(dark ? "--color-primary-400" : "--color-primary-600", "#0f766e");
    const paper = dark ? "#0f172a" : "#ffffff";
    const isFew = (n) => n > 0 && n < data.few;
    // A line of the legend that explains the hollow points and draws nothing.
    const note = {
      label: data.few_name,
      data: [],
      borderColor: "transparent",
      backgroundColor: "transparent",
    };
    return {
      type: "line",
      data: {
        labels: data.labels,
        datasets: [
          {
            label: data.name,
            data: data.values,
            borderColor: colour,
            backgroundColor: colour,
            borderWidth: 2,
            pointRadius: data.n.map((n) => (isFew(n) ? 3.5 : 2)),
            pointBackgroundColor: data.n.map((n) => (isFew(n) ? paper : colour)),
            // An empty bucket is a gap: nothing was promised, so nothing was kept.
            spanGaps: false,
            clip: 6,
          },
          {
            label: data.target_name,
            data: data.labels.map(() => data.target),
            borderColor: ink,
            borderDash: [5, 4],
            borderWidth: 1,
            pointRadius: 0,
            pointHitRadius: 0,
          },
          ...(data.few_name ? [note] : []),
        ],
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        scales: {
          x: { ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 }, grid: { display: false } },
          y: {
            min: Math.max(0, Math.floor((least - 5) / 10) * 10),
            max: 100,
            ticks: { color: ink, callback: (value) => value + " %" },
            grid: { color: line },
          },
        },
        plugins: {
          legend: { labels: { color: ink, boxWidth: 18, boxHeight: 1 } },
          tooltip: {
            callbacks: {
              label: (item) => {
                const value = item.formattedValue + " %";
                return item.datasetIndex === 0
                  ? `${item.dataset.label}: ${value} (${data.n[item.dataIndex]} ${data.count_name})`
                  : `${item.dataset.label}: ${value}`;
              },
            },
          },
        },
      },
    };
  }

  function draw(canvas) {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || typeof Chart === "undefined") return;
    drawn.get(canvas)?.destroy();
    drawn.set(canvas, new Chart(canvas, configuration(JSON.parse(source.textContent))));
  }

  function drawAll() {
    document.querySelectorAll("canvas[data-chart]").forEach(draw);
  }

  document.addEventListener("DOMContentLoaded", () => {
    drawAll();
    // Colours follow the theme, which unfold sets as a class after loading.
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["class"] });
    // A changed filter applies at once; the button stays for keyboards and no script.
    document.querySelectorAll("form[data-apply] select").forEach((select) => {
      select.addEventListener("change", () => select.form.requestSubmit());
    });
  });
})();
