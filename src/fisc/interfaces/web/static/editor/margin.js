// The margin: what is wrong, by decision, and how the cases come out.
import * as marks from "./marks.js";

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
  return all ? filled(words.casesPass, { passed: answer.passed, all }) : words.noCases;
};

export const show = (answer, words, goTo) => {
  marks.show(answer.findings);
  const count = answer.findings.length;
  const said = count ? filled(words.problems, { count }) : words.noProblems;
  document.getElementById("editor-count").textContent = `${said} ${cases(answer, words)}`;

  const groups = new Map();
  for (const finding of answer.findings) {
    const name = finding.cell.name || words.wholeModel;
    groups.set(name, [...(groups.get(name) || []), finding]);
  }
  const parts = [];
  for (const [name, findings] of groups) {
    parts.push(made("h3", name), listed(findings.map((finding) => button(finding, words, goTo))));
  }
  if (answer.failures.length) {
    const items = answer.failures.map((failure) =>
      made("div", failure.case, [made("ul", "", failure.said.map((line) => made("li", line)))]));
    parts.push(made("h3", words.casesThatFail), listed(items));
  }
  document.getElementById("editor-found").replaceChildren(...parts);
};

export { filled };
