"use strict";
// Sorts and filters the table of errors. Without it every row is shown in the order of the causes.
(() => {
  const STEP = 100;
  const table = document.getElementById("errors-table");
  if (!table) return;
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const more = document.getElementById("more");
  const fields = ["kind", "label", "cause"];
  const groups = new Map();
  const rows = [];
  for (const body of table.tBodies) {
    const head = body.rows[0];
    groups.set(body.dataset.cause, head);
    for (const row of [...body.rows].slice(1)) {
      rows.push({ row, cause: body.dataset.cause, kind: row.dataset.kind, label: row.dataset.label, reply: row.dataset.reply,
        score: row.dataset.score === "" ? null : Number(row.dataset.score), text: row.textContent.toLowerCase() });
    }
  }
  const rank = new Map([...groups.keys()].map((cause, n) => [cause, n]));
  const inWords = new Intl.Collator("zh", { numeric: true }).compare;
  const orders = {
    kind: (a, b) => inWords(a.kind, b.kind),
    label: (a, b) => inWords(a.label, b.label),
    cause: (a, b) => rank.get(a.cause) - rank.get(b.cause),
    reply: (a, b) => inWords(a.reply, b.reply),
    score: (a, b) => a.score - b.score,
  };
  let sorted = { by: "cause", down: false };
  let limit = STEP;
  let found = rows;

  function order(list) {
    const { by, down } = sorted;
    const turn = down ? -1 : 1;
    return [...list].sort((a, b) => {
      if (by === "score" && (a.score === null || b.score === null)) return (a.score === null) - (b.score === null);
      return turn * orders[by](a, b);
    });
  }

  function choose() {
    const words = form.elements.words.value.trim().toLowerCase();
    found = order(rows.filter((r) => fields.every((f) => !form.elements[f].value || r[f] === form.elements[f].value)
      && (!words || r.text.includes(words))));
    show();
  }

  function show(all) {
    const shown = all ? found : found.slice(0, limit);
    const bodies = [];
    let body;
    for (const r of shown) {
      if (!body || (sorted.by === "cause" && body.dataset.cause !== r.cause)) {
        body = document.createElement("tbody");
        if (sorted.by === "cause") {
          body.dataset.cause = r.cause;
          const group = groups.get(r.cause);
          group.querySelector("span").textContent = found.filter((f) => f.cause === r.cause).length;
          body.append(group);
        }
        bodies.push(body);
      }
      body.append(r.row);
    }
    for (const old of [...table.tBodies]) old.remove();
    table.append(...bodies);
    const number = (n) => n.toLocaleString("en");
    count.textContent = `${number(found.length)} of ${number(rows.length)} errors match; ${number(shown.length)} shown`;
    more.hidden = shown.length === found.length;
  }

  for (const button of table.tHead.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const by = button.dataset.by;
      sorted = { by, down: sorted.by === by && !sorted.down };
      for (const b of table.tHead.querySelectorAll("button")) b.parentElement.removeAttribute("aria-sort");
      button.parentElement.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      choose();
    });
  }
  form.addEventListener("input", () => { limit = STEP; choose(); });
  form.addEventListener("reset", () => setTimeout(() => { limit = STEP; choose(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  more.addEventListener("click", () => {
    const next = limit;
    limit += STEP;
    show();
    const row = table.querySelectorAll("tbody tr:not(.group)")[next];
    if (row) { row.tabIndex = -1; row.focus(); }
  });
  for (const button of document.querySelectorAll("button[data-cause]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      form.reset();
      setTimeout(() => {
        form.elements.cause.value = button.dataset.cause;
        limit = STEP;
        choose();
        form.scrollIntoView();
        form.elements.cause.focus();
      });
    });
  }
  addEventListener("beforeprint", () => show(true));
  addEventListener("afterprint", () => show());
  form.hidden = false;
  choose();
})();
