// What the pages do beyond links and forms: keys, and closing what was opened. Every page works without it.
"use strict";
(() => {
  const KEYS_OFF = "fisc-keys-off";
  const keysAreOff = () => {
    try { return localStorage.getItem(KEYS_OFF) === "yes"; } catch { return false; }
  };

  const typing = (element) =>
    element instanceof Element && element.closest("input, select, textarea, [contenteditable]");

  const visible = (element) => element.getClientRects().length > 0;

  const press = (key) => {
    for (const element of document.querySelectorAll("[data-key]")) {
      if (element.dataset.key !== key || !visible(element)) continue;
      if (element.matches("input, select, textarea")) { element.focus(); element.select?.(); }
      else element.click();
      return true;
    }
    return false;
  };

  // Keys that write nothing work while one types: F2, Ctrl+Enter. In a row its own button is meant, else the last.
  const pressTyped = (event) => {
    const form = event.target instanceof Element && event.target.closest("form[data-keying]");
    if (!form || event.metaKey || event.altKey || event.repeat) return false;
    const key = `${event.ctrlKey ? "Ctrl+" : ""}${event.key}`;
    const named = (within) => [...(within?.querySelectorAll("[data-typed-key]") ?? [])].filter((each) => each.dataset.typedKey === key).pop();
    const button = named(event.target.closest("[data-row]")) ?? named(form);
    button?.click();
    return Boolean(button);
  };

  const closeWhy = (link) => {
    const panel = document.getElementById(link.getAttribute("aria-controls"));
    panel.replaceChildren();
    link.setAttribute("aria-expanded", "false");
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector(".menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); return; }
      document.querySelector(".find__answers")?.replaceChildren();
      const open = [...document.querySelectorAll('.why[aria-expanded="true"]')].pop();
      if (open) { closeWhy(open); open.focus(); }
      return;
    }
    const answers = event.target instanceof Element && event.target.closest(".find");
    if (answers && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const stops = [answers.querySelector("input[type=search]"), ...answers.querySelectorAll(".find__answers a")];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (stops[next]) { stops[next].focus(); event.preventDefault(); }
      return;
    }
    if (pressTyped(event)) { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || keysAreOff() || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (press(event.key)) event.preventDefault();
  });

  // Capture: before htmx hears the click, so that a second click closes and asks nothing.
  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const why = target.closest(".why[aria-controls]");
    if (why && why.getAttribute("aria-expanded") === "true") {
      closeWhy(why);
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const keys = target.closest("[data-opens]");
    if (keys) {
      const dialog = document.getElementById(keys.dataset.opens);
      if (dialog?.showModal) { dialog.showModal(); event.preventDefault(); }
    }
    for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(target)) menu.open = false;
    if (!target.closest(".find")) document.querySelector(".find__answers")?.replaceChildren();
    if (target.closest("[data-prints]")) window.print();
  }, true);

  document.addEventListener("htmx:after:swap", () => {
    for (const link of document.querySelectorAll(".why[aria-controls]")) {
      const panel = document.getElementById(link.getAttribute("aria-controls"));
      link.setAttribute("aria-expanded", panel && panel.childElementCount ? "true" : "false");
    }
  });

  // A form that must act once is sent once, however often Enter is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("once" in form.dataset)) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  const off = document.getElementById("keys-off");
  if (off) {
    off.checked = keysAreOff();
    off.addEventListener("change", () => {
      try { localStorage.setItem(KEYS_OFF, off.checked ? "yes" : "no"); } catch { /* Storage is closed: keys stay on. */ }
    });
  }
})();
