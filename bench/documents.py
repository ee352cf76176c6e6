"""How fast bills become PDF/UA-1, beside WeasyPrint making the same bill from HTML.

`python -m bench.documents --json [--bills N] [--rounds N]` prints one JSON object:

- `bills_a_second`: bills typeset by Fisc's own path (typst, PDF/UA-1), one process;
- `weasyprint_bills_a_second`: the same data, the same charges, charts, tables and stub, by
  WeasyPrint as PDF/UA-1, with its font configuration kept between bills as its manual advises;
- `ratio`: the first over the second, of medians over interleaved rounds;
- `same_bytes`: whether the same bill twice gave the same bytes.
"""

import argparse
import datetime
import html
import json
import pathlib
import statistics
import time
from typing import Any

import weasyprint
from weasyprint.text import fonts

from fisc.plumbing.typesetting import typesetter

LETTERS = pathlib.Path(__file__).parent.parent / "cities" / "mesquite_springs" / "letters"
MADE_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
STYLE = """
@page { size: letter; margin: 0.5in 0.6in }
body { font: 8.5pt "Public Sans", sans-serif } table { width: 100%; border-collapse: collapse }
td, th { padding: 2pt 0; text-align: left } td.n, th.n { text-align: right }
tr { border-bottom: 0.5pt solid #a9aeb1 } h1 { font-size: 15pt } h2 { font-size: 10pt }
.scanline { font: 10pt "OCRA"; text-align: right }
"""


def main() -> None:
    """Run the bench and print its figures."""
    asked = _arguments()
    sample = json.loads((LETTERS / "bill.sample.json").read_text())
    configuration = fonts.FontConfiguration()
    style = weasyprint.CSS(string=_font_faces() + STYLE, font_config=configuration)
    _ours(sample, 2)
    _theirs(sample, 1, style, configuration)
    ours, theirs = [], []
    for _ in range(asked.rounds):
        ours.append(asked.bills / _ours(sample, asked.bills))
        few = max(3, asked.bills // 10)
        theirs.append(few / _theirs(sample, few, style, configuration))
    figures = {
        "bills_a_second": round(statistics.median(ours), 1),
        "weasyprint_bills_a_second": round(statistics.median(theirs), 1),
        "ratio": round(statistics.median(ours) / statistics.median(theirs), 2),
        "same_bytes": _one(sample, 7) == _one(sample, 7),
        "bytes_a_bill": len(_one(sample, 7)),
        "bills": asked.bills,
        "rounds": asked.rounds,
    }
    print(json.dumps(figures) if asked.json else figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bills", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _numbered(sample: dict[str, Any], number: int) -> dict[str, Any]:
    """The sample under another number, so that nothing of the last bill can be reused whole."""
    return {**sample, "bill": {**sample["bill"], "number": f"{number:011d}"}}


def _one(sample: dict[str, Any], number: int) -> bytes:
    return typesetter.typeset(
        template=LETTERS / "bill.typ", data=_numbered(sample, number), made_at=MADE_AT
    )


def _ours(sample: dict[str, Any], bills: int) -> float:
    started = time.perf_counter()
    for number in range(bills):
        _one(sample, number)
    return time.perf_counter() - started


def _theirs(
    sample: dict[str, Any],
    bills: int,
    style: weasyprint.CSS,
    configuration: fonts.FontConfiguration,
) -> float:
    started = time.perf_counter()
    for number in range(bills):
        page = weasyprint.HTML(string=_page(_numbered(sample, number)))
        page.write_pdf(stylesheets=[style], font_config=configuration, pdf_variant="pdf/ua-1")
    return time.perf_counter() - started


def _font_faces() -> str:
    faces = {
        "Public Sans": typesetter.FONTS / "PublicSans-Regular.ttf",
        "OCRA": typesetter.FONTS / "OCRA.ttf",
    }
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{place.as_uri()}") }}'
        for family, place in faces.items()
    )


def _page(data: dict[str, Any]) -> str:
    bill, customer, city = data["bill"], data["customer"], data["city"]
    services = "".join(_service(service) for service in data["services"])
    return (
        f'<html lang="{data["language"]}"><head><title>Bill {bill["number"]}</title></head><body>'
        f"<h1>{city['name']}</h1><p>{'<br>'.join(city['address_lines'])}</p>"
        f"{_table(list(bill), [list(bill.values())])}"
        f"<p>{customer['name']}<br>{'<br>'.join(customer['address_lines'])}</p>"
        f"<h2>Your account</h2>"
        f"{_table(['Charge', 'Amount'], [[r['what'], r['amount']] for r in data['summary']])}"
        f"<h2>Your use</h2>{''.join(_chart(chart) for chart in data['charts'])}"
        f"<h2>Charges</h2>{services}<p>{' '.join(data['messages'])}</p><hr>"
        f"<p>{'<br>'.join(data['remittance']['pay_to_lines'])}</p>"
        f'<p class="scanline">{data["remittance"]["scanline"]}</p></body></html>'
    )


def _service(service: dict[str, Any]) -> str:
    reads = _table(
        ["meter", "from_day", "to_day", "previous", "present", "multiplier", "used"],
        [
            [
                r[k]
                for k in (
                    "meter",
                    "from_day",
                    "to_day",
                    "previous",
                    "present",
                    "multiplier",
                    "used",
                )
            ]
            for r in service["reads"]
        ],
    )
    lines = _table(
        ["Charge", "Amount"],
        [[line["label"], line["amount"]] for line in service["lines"]],
    )
    head = f"<h3>{service['title']} {service['from_day']} {service['to_day']}</h3>"
    return head + (reads if service["reads"] else "") + lines


def _chart(chart: dict[str, Any]) -> str:
    highest = max(1, *(bar["value"] for bar in chart["bars"]))
    bars = "".join(
        f'<rect x="{20 * place}" y="{40 - 40 * bar["value"] / highest}" width="16"'
        f' height="{40 * bar["value"] / highest}" fill="#8ba6ca"/>'
        f'<text x="{20 * place}" y="48" font-size="6">{bar["label"]}</text>'
        for place, bar in enumerate(chart["bars"])
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 260 50" height="50">{bars}</svg>'
    return f"<figure><figcaption>{html.escape(chart['title'])}</figcaption>{svg}</figure>"


def _table(heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{html.escape(each)}</th>" for each in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(each))}</td>" for each in row) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


if __name__ == "__main__":
    main()
