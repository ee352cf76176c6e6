// The margin: what is wrong, by decision, and how the cases come out.
import * as marks from "./marks.js";

const by = (id) => document.getElementById(id);

const made = (tag, text = "", children = []) => {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
};

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

const listed = (items) => {
  const list = made("ul", "", items.map((item) => made("li", "", [item])));
  list.className = "findings";
  return list;
};

const button = (finding, words, goTo) => {
  const { cell } = finding;
  const said = cell.number && !finding.words.includes(String(cell.number)) ? `${filled(words.rule, { number: cell.number })}: ` : "";
  const pressed = made("button", said + finding.words);
  pressed.type = "button";
  pressed.addEventListener("click", () => goTo(cell));
  return pressed;
};

const cases = (answer, words) => {
  if (answer.notRun) return answer.notRun;
  const all = answer.passed + answer.failed;
  const left = answer.left ? ` ${filled(words.casesLeft, answer)}` : "";
  return all || left ? filled(words.casesPass, { passed: answer.passed, all }) + left : words.noCases;
};

// More than this is read elsewhere: on the page of the checks, or once the first are mended.
const MOST_SHOWN = 60;

// The findings under the decision that each is about.
const grouped = (findings, words, goTo) => {
  const groups = new Map();
  for (const finding of findings.slice(0, MOST_SHOWN)) {
    const name = finding.cell.name || words.wholeModel;
    groups.set(name, [...(groups.get(name) || []), finding]);
  }
  const parts = [...groups].flatMap(([name, found]) => [
    made("h3", name),
    listed(found.map((finding) => button(finding, words, goTo))),
  ]);
  const left = findings.length - MOST_SHOWN;
  return left > 0 ? [...parts, made("p", filled(words.more, { count: left }))] : parts;
};

let wasOpen = false;

const toLookAt = (findings, words, goTo) => {
  const head = made("summary", filled(words.toLookAt, { count: findings.length }));
  const closed = made("details", "", [head, ...grouped(findings, words, goTo)]);
  closed.className = "to-look-at";
  // It stays as it was through every check.
  closed.open = wasOpen;
  closed.addEventListener("toggle", () => { wasOpen = closed.open; });
  return closed;
};

export const show = (answer, words, goTo) => {
  const stopping = answer.findings.filter((finding) => finding.stops);
  const others = answer.findings.filter((finding) => !finding.stops);
  marks.show(stopping);
  const count = stopping.length;
  const said = count ? filled(words.problems, { count }) : words.noProblems;
  by("editor-count").textContent = `${said} ${cases(answer, words)}`;

  const parts = grouped(stopping, words, goTo);
  if (answer.failures.length) {
    const items = answer.failures.map((failure) =>
      made("div", failure.case, [made("ul", "", failure.said.map((line) => made("li", line)))]));
    parts.push(made("h3", words.casesThatFail), listed(items));
  }
  if (others.length) parts.push(toLookAt(others, words, goTo));
  by("editor-found").replaceChildren(...parts);
};

export { filled };
