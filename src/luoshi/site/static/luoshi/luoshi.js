// What the browser adds when it can. Every page works without this file.
(() => {
  "use strict";
  const typing = (el) => el.matches("input, textarea, select, [contenteditable]");

  // Ledgers: up and down choose a row, Enter opens it, / goes to the search box.
  const rowsOf = (ledger) => [...ledger.querySelectorAll("tbody tr")];
  const choose = (rows, row) => {
    rows.forEach((r) => r.removeAttribute("aria-selected"));
    row.setAttribute("aria-selected", "true");
    const link = row.querySelector("th a, td a");
    if (link) link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !typing(event.target)) {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    if (!["ArrowDown", "ArrowUp", "Home", "End", "Enter"].includes(event.key)) return;
    const ledger = event.target.closest("[data-ledger]");
    if (!ledger || typing(event.target)) return;
    const rows = rowsOf(ledger);
    const at = rows.findIndex((r) => r.getAttribute("aria-selected") === "true");
    if (event.key === "Enter") {
      if (event.target.closest("a, button") || at < 0) return;
      const link = rows[at].querySelector("th a, td a");
      if (link) link.click();
      return;
    }
    if (!rows.length) return;
    event.preventDefault();
    const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? rows.length - 1 : at - 1, Home: 0, End: rows.length - 1 }[event.key];
    choose(rows, rows[Math.max(0, Math.min(rows.length - 1, next))]);
  });

  // Copy a ledger as text that a spreadsheet takes apart again, and runs none of it as a formula.
  const harmless = (text) => (/^[=+@-]/.test(text) && !/^[+-]?[\d.,]+%?$/.test(text) ? `'${text}` : text);
  const asText = (table) => [...table.rows].map((row) =>
    [...row.cells].map((cell) => harmless(cell.innerText.trim().replace(/\s+/g, " "))).join("\t")).join("\n");
  const ready = (root) => root.querySelectorAll("[data-copy]").forEach((button) => {
    if (navigator.clipboard) button.hidden = false;
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const table = button.closest("[data-ledger]").querySelector("table");
    const before = button.textContent;
    const english = document.documentElement.lang === "en";
    try {
      await navigator.clipboard.writeText(asText(table));
      button.textContent = english ? "Copied" : "已复制，可粘贴到表格";
    } catch {
      button.textContent = english ? "The browser does not allow copying" : "浏览器不允许复制";
    }
    setTimeout(() => { button.textContent = before; }, 2500);
  });
  document.addEventListener("click", (event) => {
    const off = event.target.closest("[aria-disabled=true]");
    if (off) event.preventDefault();
  });

  // Drafts: what was typed stays in this browser until it is sent. Passwords, files and hidden inputs never.
  const kept = (field) => field.name && !["password", "file", "hidden"].includes(field.type);
  const key = (form) => `luoshi-draft:${form.dataset.draft}`;
  let unsent = null;
  const save = (form) => {
    const values = {};
    [...form.elements].filter(kept).forEach((field) => {
      if (field.type === "checkbox") values[field.name] = field.checked;
      else if (field.type !== "radio" || field.checked) values[field.name] = field.value;
    });
    try { localStorage.setItem(key(form), JSON.stringify(values)); } catch { /* storage full or closed: nothing to keep */ }
  };
  const restore = (form) => {
    let values = null;
    try { values = JSON.parse(localStorage.getItem(key(form))); } catch { return; }
    if (!values || form.querySelector("[role=alert]")) return;
    [...form.elements].filter(kept).forEach((field) => {
      if (!(field.name in values)) return;
      if (field.type === "checkbox") field.checked = values[field.name];
      else if (field.type === "radio") field.checked = field.value === values[field.name];
      else if (!field.value) field.value = values[field.name];
    });
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || form.method !== "post" || !kept(event.target)) return;
    unsent = form;
    if (form.dataset.draft) save(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form === unsent) unsent = null;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 4000);
    try { sessionStorage.setItem("luoshi-sent", form.dataset.draft ? key(form) : ""); } catch { /* storage closed */ }
  });
  window.addEventListener("beforeunload", (event) => { if (unsent && !unsent.dataset.draft) event.preventDefault(); });
  // A draft goes when the house has said that what was sent is done; a lost connection or a problem leaves it.
  const forgetSent = () => {
    const sent = sessionStorage.getItem("luoshi-sent");
    if (!sent) return;
    if (document.querySelector("[data-told] .done, [data-told] .info")) localStorage.removeItem(sent);
    else if (!document.querySelector("main [role=alert]")) return;
    sessionStorage.removeItem("luoshi-sent");
  };
  try { forgetSent(); } catch { /* storage closed: nothing was kept */ }

  // A problem at the head takes the focus, so that a screen reader says it first.
  const settle = (root) => {
    ready(root);
    root.querySelectorAll("form[data-draft]").forEach(restore);
    const alarm = root.querySelector("[role=alert][tabindex]");
    if (alarm) alarm.focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => settle(event.target));
  window.addEventListener("pageshow", () => document.querySelectorAll("[data-sent]").forEach((f) => delete f.dataset.sent));
  settle(document);
})();
