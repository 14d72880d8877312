/// How pages look: ink on paper by day, the same in the dark by night, and by day again when printed.
enum Stylesheet {
    /// Everything a page needs. What is for paper comes last, so that it counts.
    static let all: HTML = page + tables + charts + stories + print

    /// Colours told apart by people who see colours differently: orange against blue, green against violet.
    static let daylight: HTML = """
        --page: #fcfcfa; --panel: #f2f4f5; --ink: #16202b; --muted: #5a6673; --rule: #dbe0e4; --strong: #8793a0;
        --price: #34414e; --long: #c2541d; --short: #1f6fae; --trader: #6d7c8b; --fund: #0e8570; --deleveraged: #7a4fa3;
        --interest: #6d7c8b; --loss: #34414e; --providers: #1f6fae; --clawedBack: #b0478a; --venue: #8a6d00;
        """

    private static let page: HTML = """
        :root {
          color-scheme: light dark;
          \(daylight)
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #10161d; --panel: #19222b; --ink: #e6ebf0; --muted: #9aa7b4; --rule: #2a3642; --strong: #5d6c7b;
            --price: #c3ccd5; --long: #f08c50; --short: #62b2ec; --trader: #8e9eae; --fund: #3ec2a6; --deleveraged: #b890e6;
            --interest: #8e9eae; --loss: #c3ccd5; --providers: #62b2ec; --clawedBack: #ea8cc4; --venue: #d8b84a;
          }
        }
        *, ::before, ::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
        body {
          margin: 0 auto; padding: 40px clamp(16px, 4vw, 48px) 64px; max-width: 1216px;
          background: var(--page); color: var(--ink);
          font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Inter, Arial, sans-serif;
          font-variant-numeric: tabular-nums; overflow-wrap: break-word;
        }
        h1, h2, h3, h4 { line-height: 1.2; text-wrap: balance; }
        h1 { margin: 0; font-size: clamp(26px, 4.4vw, 40px); font-weight: 650; letter-spacing: -.022em; }
        h2 { margin: 0 0 6px; font-size: 22px; font-weight: 640; letter-spacing: -.014em; }
        h3 { margin: 0; font-size: 15px; font-weight: 620; }
        a { color: inherit; text-decoration-color: var(--strong); text-underline-offset: 3px; }
        :focus-visible { outline: 2px solid var(--short); outline-offset: 3px; }
        section { margin-top: 52px; padding-top: 20px; border-top: 2px solid var(--ink); }
        .brand { display: flex; align-items: center; gap: 8px; margin: 0 0 26px; color: var(--muted); font-size: 14px; }
        .brand b { color: var(--ink); font-weight: 650; }
        .brand-mark .wave { fill: none; stroke: var(--short); stroke-width: 2.4; stroke-linecap: round; }
        .brand-mark .wall { fill: var(--ink); }
        .subtitle { margin: 10px 0 0; color: var(--muted); }
        .subtitle span { display: inline-block; margin-right: 18px; }
        .lead { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 4px 56px; margin: 24px 0; }
        .lead p { margin: 6px 0; max-width: 74ch; font-size: clamp(16px, 1.8vw, 17.5px); line-height: 1.6; }
        .introduction, figcaption { max-width: 84ch; color: var(--muted); }
        .introduction { margin: 0 0 20px; }
        nav { display: flex; flex-wrap: wrap; gap: 4px 22px; margin-top: 26px; font-size: 14px; }
        nav a { color: var(--muted); }
        .money, .nowrap { white-space: nowrap; }
        .fraction { color: var(--muted); font-size: .84em; font-weight: 400; }
        .fraction.leading { color: inherit; font-size: inherit; font-weight: inherit; }
        :is(td, th) .fraction.leading { font-size: .84em; }
        .unit { color: var(--muted); font-size: .8em; font-weight: 400; }
        .none { color: var(--muted); }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 0 56px; }
        h2 + .columns, h2 + h3, .facts + h3 { margin-top: 24px; }
        code, pre { font: 13.5px/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        pre {
          margin: 16px 0; padding: 14px 18px; background: var(--panel); border-radius: 6px; white-space: pre-wrap;
          user-select: all; overflow-wrap: anywhere;
        }
        details { margin: 12px 0; }
        summary { cursor: pointer; width: fit-content; }

        """

    private static let tables: HTML = """
        .tiles {
          display: grid; grid-template-columns: repeat(4, 1fr); gap: 0 32px; margin: 28px 0 0; border-bottom: 1px solid var(--rule);
        }
        .tiles > div { padding: 13px 0; border-top: 1px solid var(--rule); }
        .tiles dt { color: var(--muted); font-size: 13px; }
        .tiles dd { margin: 0; }
        .tiles .value { margin-top: 2px; font-size: clamp(17px, 2.1vw, 23px); font-weight: 620; letter-spacing: -.01em; line-height: 1.3; }
        .tiles .value .fraction:not(.leading) { font-size: .68em; letter-spacing: 0; }
        .tiles .unit { font-size: .6em; letter-spacing: 0; }
        .tiles .note { margin-top: 2px; color: var(--muted); font-size: 13px; }
        .scroll { margin: 16px 0 0; overflow-x: auto; scrollbar-width: thin; }
        table { width: 100%; border-collapse: collapse; font-size: 13.5px; line-height: 1.4; }
        .wide :is(th, td) { padding-left: 14px; }
        table.small { width: auto; min-width: min(100%, 560px); }
        th, td { padding: 6px 0 6px 16px; text-align: left; vertical-align: baseline; white-space: nowrap; font-weight: 400; }
        th:first-child, td:first-child { padding-left: 0; }
        thead th { color: var(--muted); font-size: 12.5px; vertical-align: bottom; border-bottom: 1px solid var(--strong); }
        tbody tr { border-bottom: 1px solid var(--rule); }
        tbody tr:hover { background: var(--panel); }
        tbody th { font-weight: 560; }
        tfoot th, tfoot td { font-weight: 620; border-top: 1px solid var(--strong); }
        .number { text-align: right; }
        .bars { width: 40%; min-width: 140px; vertical-align: middle; }
        [data-room]::after { content: attr(data-room); visibility: hidden; }
        .track, .stack { display: block; height: 14px; }
        .track .whole { display: block; height: 100%; min-width: 2px; background: var(--rule); }
        .track .whole > span { display: block; height: 100%; }
        .stack { display: flex; gap: 1px; background: var(--rule); }
        .signed { position: relative; display: block; height: 14px; }
        .signed > span { position: absolute; top: 0; bottom: 0; background: var(--c); }
        .signed > i { position: absolute; top: -4px; bottom: -4px; border-left: 1px solid var(--strong); }
        .stack > span { min-width: 2px; }
        .track .whole > span, .stack > span { background: var(--c); }
        .side { display: inline-flex; align-items: center; gap: 6px; }
        .facts { display: grid; grid-template-columns: minmax(120px, max-content) 1fr; gap: 0 24px; margin: 12px 0; font-size: 14px; }
        .facts > div { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; border-bottom: 1px solid var(--rule); }
        .facts dt { padding: 5px 0; color: var(--muted); }
        .facts dd { margin: 0; padding: 5px 0; overflow-wrap: anywhere; }
        .check { color: var(--fund); font-weight: 620; }
        .alarm { color: var(--long); font-weight: 620; }
        @media (max-width: 700px) {
          th, td { padding-left: 12px; }
          :is(tbody, tfoot) th { white-space: normal; }
          .bars { min-width: 90px; }
        }
        @media (max-width: 900px) { .tiles { grid-template-columns: repeat(2, 1fr); gap: 0 20px; } }

        """
}
