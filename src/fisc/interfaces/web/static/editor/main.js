// The editor of a draft: dmn-js on the left, what is found wrong on the right, nothing ever lost.
import * as margin from "./margin.js";
import * as server from "./server.js";
import * as why from "./why.js";

const PAUSE_MILLISECONDS = 400;
const given = JSON.parse(document.getElementById("given").textContent);
const { words, addresses } = given;
const by = (id) => document.getElementById(id);
const form = by("editor");
const canvas = by("editor-canvas");
const views = by("editor-view");

let basedOn = given.basedOn;
let savedXml = "";        // What the editor gives for what is saved.
let changedXml = "";      // What it gives now, as far as the pause has passed.
let isPending = false;    // Something changed since then.
let isSaving = false;
let savedSaid = "";       // What was said of the last save.
let theirs = "";          // What somebody else saved meanwhile, by its hash.
let asked = 0;
let shownView = "";
let row = "";

const translated = (text, values = {}) => margin.filled(given.drawn[text] || text, values);
const drawn = { additionalModules: [{ translate: ["value", translated] }] };
const editor = new DmnJS({
  container: canvas,
  height: "100%",
  width: "100%",
  common: {
    // A cell is in the model with its last letter, so that a save never misses one.
    debounceInput: false,
    expressionLanguages: {
      options: [{ value: "feel", label: "FEEL" }],
      defaults: { editor: "feel", inputCell: "feel", outputCell: "feel" },
    },
  },
  drd: drawn,
  decisionTable: drawn,
  literalExpression: drawn,
  boxedExpression: drawn,
});

const text = async () => (await editor.saveXML({ format: true })).xml;
const isDirty = () => isPending || changedXml !== savedXml;
const state = (said) => { by("editor-state").textContent = said; };

const showState = () => state(isDirty() ? words.unsaved : savedSaid);
// A session that ended answers 401, and 403 where its token ended with it.
const noAnswer = (status) => ([401, 403].includes(status) ? words.signedOut : words.notSent);

const say = (said, { ways = false, difference = "" } = {}) => {
  by("editor-words").textContent = said;
  by("editor-ways").hidden = !ways;
  by("editor-overwrite").hidden = !difference;
  by("editor-difference").innerHTML = difference;
  by("editor-say").hidden = !said;
};

// --- Views ---------------------------------------------------------------------------------------

const label = (view) => {
  if (view.type === "drd") return words.diagram;
  return margin.filled(view.type === "decisionTable" ? words.table : words.expression, { name: view.name || view.id });
};

const showViews = ({ views: all, activeView }) => {
  views.replaceChildren(...all.map((view) => new Option(label(view), view.id, false, view.id === activeView?.id)));
};

// A drawing is shown whole when it is opened, however large it is.
const fit = (view) => {
  if (view?.type === "drd") editor.getActiveViewer().get("canvas").zoom("fit-viewport", "auto");
};

const showWhy = () => {
  const view = editor.getActiveView();
  why.show(view && view.type !== "drd" ? view.element : null, row, words, changed);
};

const open = async (id) => {
  const view = editor.getViews().find((each) => each.id === id);
  if (view && view !== editor.getActiveView()) await editor.open(view);
  return view;
};

const goTo = async (cell) => {
  if (!(await open(cell.owner))) {
    const drawing = editor.getViews().find((each) => each.type === "drd");
    if (drawing) await editor.open(drawing);
    return;
  }
  // Told now: dmn-js tells of the new view only afterwards.
  shownView = cell.owner;
  row = cell.row;
  showWhy();
  const at = cell.column && cell.row ? `td[data-row-id="${CSS.escape(cell.row)}"][data-col-id="${CSS.escape(cell.column)}"]` : `td[data-row-id="${CSS.escape(cell.row)}"]`;
  const found = cell.row && canvas.querySelector(at);
  if (!found) { canvas.focus(); return; }
  found.scrollIntoView({ block: "center", inline: "nearest" });
  (found.querySelector("[contenteditable], [tabindex]") || canvas).focus();
};

// --- Changes and checks --------------------------------------------------------------------------

let pause = 0;
const changed = () => {
  isPending = true;
  clearTimeout(pause);
  pause = setTimeout(settle, PAUSE_MILLISECONDS);
};

const settle = async () => {
  const xml = await text();
  isPending = false;
  if (xml === changedXml) return;
  changedXml = xml;
  showState();
  await check(xml);
};

const check = async (xml, more = {}) => {
  const number = ++asked;
  const { status, answer } = await server.post(addresses.check, { xml, ...more });
  // An answer about what no longer stands there says nothing.
  if (status === 200 && answer && number === asked) margin.show(answer, words, goTo);
  else if (number === asked && (status !== 200 || !answer)) by("editor-count").textContent = answer?.words || noAnswer(status);
  return status === 200 ? answer : null;
};

// --- Saving --------------------------------------------------------------------------------------

const save = async () => {
  if (isSaving) return;
  isSaving = true;
  state(words.saving);
  const xml = await text();
  const { status, answer } = await server.post(addresses.save, { xml, based_on: basedOn });
  isSaving = false;
  if (status === 200 && answer) {
    basedOn = answer.sha256;
    savedXml = xml;
    if (!isPending) changedXml = await text();
    say("");
    savedSaid = margin.filled(words.saved, answer);
    showState();
    await check(xml);
    return;
  }
  showState();
  theirs = status === 409 ? answer.sha256 : "";
  if (status === 409) say(margin.filled(words.meanwhile, answer), { ways: true });
  else if (answer) say(margin.filled(words.refused, answer));
  else say(noAnswer(status));
};

const compare = async () => {
  const { status, text: difference } = await server.post(addresses.difference, { xml: await text() });
  const said = by("editor-words").textContent;
  say(status === 200 ? said : noAnswer(status), { ways: true, difference: status === 200 ? difference : "" });
};

// Only after both were looked at; what the other person saved stays among the revisions.
const overwrite = () => {
  basedOn = theirs;
  return save();
};

const download = async () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([await text()], { type: "application/xml" }));
  link.download = given.fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

// --- Keys and the rest of the page ---------------------------------------------------------------

window.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    event.stopPropagation();
    save();
  }
}, true);

canvas.addEventListener("keydown", (event) => {
  const inside = document.activeElement;
  if (event.key === "Escape" && !event.defaultPrevented && inside !== canvas && canvas.contains(inside)) canvas.focus();
  // The page's single keys are not for who draws.
  if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1) event.stopPropagation();
});

canvas.addEventListener("focusin", (event) => {
  const found = event.target.closest?.("[data-row-id]")?.dataset.rowId;
  if (found && found !== row) { row = found; showWhy(); }
});
canvas.addEventListener("click", (event) => {
  const found = event.target.closest?.("[data-row-id]")?.dataset.rowId;
  if (found && found !== row) { row = found; showWhy(); }
});

form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
views.addEventListener("change", () => open(views.value));
by("editor-compare").addEventListener("click", compare);
by("editor-overwrite").addEventListener("click", overwrite);
by("editor-download").addEventListener("click", download);
window.addEventListener("beforeunload", (event) => {
  if (isDirty()) { event.preventDefault(); event.returnValue = ""; }
});

const readOnly = (said) => {
  form.hidden = true;
  by("reading").hidden = false;
  const line = document.createElement("div");
  line.className = "say say--warn";
  line.setAttribute("role", "status");
  line.textContent = said;
  form.before(line);
};

const begin = async () => {
  editor.on("viewer.created", ({ viewer }) => viewer.on("commandStack.changed", changed));
  editor.on("views.changed", (event) => {
    if (event.activeView?.id !== shownView) {
      shownView = event.activeView?.id;
      row = "";
      showWhy();
      fit(event.activeView);
    }
    showViews(event);
  });
  form.hidden = false;
  try {
    await editor.importXML(given.document);
  } catch (problem) {
    readOnly(margin.filled(words.broken, { words: problem.message }));
    return;
  }
  savedXml = changedXml = await text();
  const answer = await check(savedXml, { unchanged: "yes" });
  if (answer === null) { readOnly(words.notSent); return; }
  if (answer.differs) { readOnly(margin.filled(words.differs, { words: answer.differs })); return; }
  by("reading").hidden = true;
  const tables = editor.getViews().filter((view) => view.type !== "drd");
  const wanted = new URLSearchParams(location.search).get("show") || (tables.length === 1 ? tables[0].id : "");
  await open(wanted);
  form.dataset.ready = "yes";
};

begin();
