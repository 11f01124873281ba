/// How a page looks: on a light and on a dark screen, and on paper, which is light.
enum StyleSheet {
  // No child combinators: see `Markup.styleSheet`.
  static let text = """

    :root { color-scheme: light dark; --page: #ffffff; --ink: #1a1c1f; --faint: #5b6169; --grid: #dfe2e6;
      --panel: #f6f7f9; --demand: #c9d3df; --waiting: #d98c3f; --ready: #0b62b0; --wanted: #1a1c1f;
      --c0: #0b62b0; --c1: #b3460b; --c2: #1b7a4b; --c3: #8a3fa0; --c4: #8f6a00; --c5: #b02a5b; --c6: #2b6f7f;
      --c7: #54575c; }
    @media screen and (prefers-color-scheme: dark) { :root { --page: #15171a; --ink: #e8eaed; --faint: #a3aab3;
      --grid: #33383f; --panel: #1d2024; --demand: #3c4a5a; --waiting: #d08a44; --ready: #6cb4f5; --wanted: #e8eaed;
      --c0: #6cb4f5; --c1: #f2955c; --c2: #63cf97; --c3: #cf95e0; --c4: #dcb74a; --c5: #f285ae; --c6: #7cc8d8;
      --c7: #b9bdc3; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; }
    h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 0.5rem; }
    h2 { font-size: 1.2rem; margin: 2.2rem 0 0.4rem; }
    h3 { font-size: 1rem; margin: 1.2rem 0 0; }
    p, figcaption { max-width: 52rem; margin: 0.3rem 0 0.8rem; }
    .faint, figcaption, dd { color: var(--faint); }
    figure { margin: 0.6rem 0 0; break-inside: avoid; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.8rem; width: 100%; }
    th, td { padding: 0.3rem 0.3rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
    thead th { font-weight: 600; vertical-align: bottom; white-space: normal; }
    tbody th { font-weight: 600; white-space: normal; }
    th:first-child, td:first-child, tbody th { text-align: left; }
    tr.own { background: var(--panel); }
    .key { display: inline-block; width: 22px; height: 14px; vertical-align: -2px; margin-right: 0.4rem; }
    ul.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; padding: 0; margin: 0.4rem 0 0;
      font-size: 0.9rem; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.2rem; margin: 0.4rem 0; font-size: 0.9rem; }
    dt { font-weight: 600; }
    dd { margin: 0; }
    svg { display: block; width: 100%; min-width: 34rem; height: auto; }
    svg.key { min-width: 0; }
    svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
    svg text.name { fill: var(--ink); font-size: 13px; }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .axis { stroke: var(--faint); stroke-width: 1; }
    .leader { stroke: var(--faint); stroke-width: 0.8; fill: none; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
    .area { stroke: none; }
    .demand { fill: var(--demand); }
    .waiting { fill: var(--waiting); }
    .ready { stroke: var(--ready); }
    .wanted { stroke: var(--wanted); stroke-width: 1.2; stroke-dasharray: 3 2; }
    .mark { stroke: var(--page); stroke-width: 1; }
    .mark.c0 { fill: var(--c0); } .mark.c1 { fill: var(--c1); } .mark.c2 { fill: var(--c2); }
    .mark.c3 { fill: var(--c3); } .mark.c4 { fill: var(--c4); } .mark.c5 { fill: var(--c5); }
    .mark.c6 { fill: var(--c6); } .mark.c7 { fill: var(--c7); }
    .line.c0 { stroke: var(--c0); } .line.c1 { stroke: var(--c1); } .line.c2 { stroke: var(--c2); }
    .line.c3 { stroke: var(--c3); } .line.c4 { stroke: var(--c4); } .line.c5 { stroke: var(--c5); }
    .line.c6 { stroke: var(--c6); } .line.c7 { stroke: var(--c7); }
    @page { size: A4; margin: 12mm; }
    @media print { body { max-width: none; padding: 0; font-size: 10pt; } h2, h3, ul.legend { break-after: avoid; }
      table { font-size: 7pt; } th, td { padding: 0.1rem 0.2rem; } .wide { overflow: visible; } tr { break-inside: avoid; }
      .area, .mark, tr.own { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }

    """
}
