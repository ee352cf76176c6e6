// Marks on the rows, cells and boxes that a check found wrong. They are rules of a style sheet and not
// classes on elements, because dmn-js draws its elements anew whenever something changes.
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

const quoted = (id) => `"${CSS.escape(id)}"`;

export const show = (findings) => {
  const rules = [];
  for (const { cell } of findings) {
    if (cell.owner) {
      rules.push(`.editor__canvas .djs-element[data-element-id=${quoted(cell.owner)}] .djs-visual > :first-child { stroke: #a4161a !important; stroke-width: 4px !important; }`);
    }
    if (cell.row) {
      rules.push(`.editor__canvas td.rule-index[data-row-id=${quoted(cell.row)}] { box-shadow: inset 5px 0 #a4161a; font-weight: 700; }`);
      rules.push(`.editor__canvas td.rule-index[data-row-id=${quoted(cell.row)}]::after { content: "!"; color: #a4161a; padding-left: 3px; }`);
    }
    if (cell.row && cell.column) {
      rules.push(`.editor__canvas td[data-row-id=${quoted(cell.row)}][data-col-id=${quoted(cell.column)}] { background: #fbe9e9; box-shadow: inset 0 -2px #a4161a; }`);
    } else if (cell.column) {
      rules.push(`.editor__canvas th[data-col-id=${quoted(cell.column)}] { background: #fbe9e9; box-shadow: inset 0 -2px #a4161a; }`);
    }
  }
  sheet.replaceSync(rules.join("\n"));
};
