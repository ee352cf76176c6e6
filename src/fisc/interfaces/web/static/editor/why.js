// Why a rule or a decision is there. dmn-js keeps DMN's annotations and descriptions but has no fields
// for them, and an explanation is written from them: so they are edited here, in the same model.
import { filled } from "./margin.js";

const home = document.getElementById("editor-why");

const field = (name, label, value, write) => {
  const box = document.createElement("textarea");
  box.id = `why-${name}`;
  box.name = name;
  box.value = value;
  const head = document.createElement("label");
  head.htmlFor = box.id;
  head.textContent = label;
  box.addEventListener("input", () => write(box.value));
  return [head, box];
};

const title = (text) => {
  const line = document.createElement("h3");
  line.textContent = text;
  return line;
};

const annotationFields = (table, rule, words, changed) =>
  (table.annotation || []).flatMap((clause, place) => {
    const entries = () => rule.annotationEntry || [];
    const write = (text) => {
      const model = rule.$model;
      const all = [...entries()];
      // A rule made here has no annotations yet; they stand by their place under the columns' names.
      while (all.length < table.annotation.length) {
        const entry = model.create("dmn:RuleAnnotation", { text: "" });
        entry.$parent = rule;
        all.push(entry);
      }
      all[place].text = text;
      rule.annotationEntry = all;
      changed();
    };
    return field(`annotation-${place}`, words[clause.name] || clause.name, entries()[place]?.text || "", write);
  });

const property = (element, name, label, changed) =>
  field(name, label, element[name] || "", (text) => {
    element[name] = text || undefined;
    changed();
  });

// Show the fields of the rule chosen in a decision's table, and of the decision itself.
export const show = (decision, rowId, words, changed) => {
  const parts = [];
  const table = decision?.decisionLogic?.rule ? decision.decisionLogic : null;
  const place = table ? table.rule.findIndex((rule) => rule.id === rowId) : -1;
  if (place >= 0) {
    parts.push(title(filled(words.whyRule, { number: place + 1 })));
    parts.push(...annotationFields(table, table.rule[place], words, changed));
  } else if (!decision || table?.annotation?.length) {
    const hint = document.createElement("p");
    hint.textContent = words.pickRow;
    parts.push(hint);
  }
  if (decision) {
    parts.push(title(filled(words.whyDecision, { name: decision.name || "" })));
    if (decision.$type === "dmn:Decision") parts.push(...property(decision, "question", words.question, changed));
    parts.push(...property(decision, "description", words.description, changed));
  }
  home.replaceChildren(...parts);
};
