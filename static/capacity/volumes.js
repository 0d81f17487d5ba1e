// One box chooses all of its list.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-choose-all]");
  if (!all) return;
  for (const box of all.closest("[data-choose]").querySelectorAll("tbody input[type=checkbox]")) {
    box.checked = all.checked;
  }
});
