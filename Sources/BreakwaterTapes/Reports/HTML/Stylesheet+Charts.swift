/// How charts and diagrams look.
extension Stylesheet {
    /// The colour that each style draws with.
    private static let colours: HTML = ChartStyle.allCases.map { style -> HTML in
        ".\(style.rawValue) { --c: var(--\(style.rawValue)); }\n"
    }.joined()

    static let charts: HTML =
        colours + plots + """
            .flow { display: grid; grid-template-columns: minmax(118px, auto) minmax(60px, 1fr) minmax(118px, auto); gap: 14px; margin: 20px 0 8px; }
            .flow svg { display: block; width: 100%; }
            .flow .ribbon { fill: var(--c); stroke: var(--c); stroke-width: 1; vector-effect: non-scaling-stroke; opacity: .3; }
            .flow .bar { fill: var(--c); }
            .ends { display: grid; margin: 0; padding: 0; list-style: none; font-size: 13.5px; line-height: 1.35; }
            .ends li { position: relative; grid-area: 1 / 1; height: 0; text-align: right; }
            .ends b, .ends span, .ends small { display: block; }
            .ends .fraction { display: inline; }
            .ends b { font-weight: 620; }
            .ends small { color: var(--muted); font-size: 12.5px; }
            .ends.targets li { text-align: left; }
            .tip {
              position: fixed; z-index: 9; max-width: 320px; padding: 9px 12px; pointer-events: none;
              background: var(--page); color: var(--ink); border: 1px solid var(--strong); border-radius: 6px;
              box-shadow: 0 4px 18px rgb(0 0 0 / .16); font-size: 13px; line-height: 1.45;
            }
            .tip dl { display: grid; grid-template-columns: auto auto; gap: 0 16px; margin: 3px 0 0; }
            .tip dt { display: flex; align-items: center; gap: 6px; color: var(--muted); }
            .tip dd { margin: 0; text-align: right; }
            .crosshair { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--strong); pointer-events: none; }
            @media (max-width: 700px) {
              .plot { margin-left: 44px; }
              .plot .spare { display: none; }
              .plot text.value, .plot text.time { font-size: 11px; }
              .plot .mark g { transform: scale(.7); }
              .flow { gap: 8px; font-size: 12px; }
              .ends { font-size: 12px; }
            }

            """

    private static let plots: HTML = """
        figure { margin: 26px 0 0; }
        figcaption { margin-top: 8px; font-size: 13px; }
        .figure-head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 24px; margin-bottom: 10px; }
        .key { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 0; padding: 0; list-style: none; color: var(--muted); font-size: 13px; }
        .key li { display: flex; align-items: center; gap: 7px; }
        .swatch { flex: none; display: inline-block; width: 10px; height: 10px; background: var(--c); }
        .swatch.circle { border-radius: 50%; }
        .swatch.diamond { transform: rotate(45deg) scale(.85); }
        .swatch.line { width: 16px; height: 2px; }
        .plot { position: relative; margin-left: 58px; touch-action: pan-y; }
        .plot > svg { display: block; overflow: visible; }
        .plot svg svg { overflow: visible; }
        .plot .grid { stroke: var(--rule); stroke-width: 1; }
        .plot .grid.time { stroke-dasharray: 1 3; }
        .plot .grid.day { stroke-dasharray: none; }
        .plot .grid.zero { stroke: var(--strong); }
        .plot text { fill: var(--muted); font-size: 12px; text-anchor: middle; }
        .plot text.value { text-anchor: end; }
        .plot text.day { fill: var(--ink); font-weight: 620; }
        .plot text.first { text-anchor: start; }
        .plot text.last { text-anchor: end; }
        .plot text.note { fill: var(--ink); paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
        .plot .range { fill: var(--c); stroke: var(--c); stroke-width: 1; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
        .plot .line { fill: none; stroke: var(--c); stroke-width: 1.6; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
        .plot .fill { fill: var(--c); opacity: .14; }
        .plot .bar { fill: var(--c); }
        .plot .reference { stroke: var(--strong); stroke-dasharray: 5 4; }
        .plot .dot { fill: var(--ink); }
        .plot .mark { fill: var(--c); fill-opacity: .42; stroke: var(--c); stroke-width: 1; }
        .plot .mark.ring { fill: var(--c); fill-opacity: .9; stroke: var(--page); stroke-width: 1.5; }
        .plot .mark g:hover { stroke: var(--ink); stroke-width: 2; }

        """
}
