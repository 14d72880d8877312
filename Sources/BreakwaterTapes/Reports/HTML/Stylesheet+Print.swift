/// How pages look on paper: by day, whatever the reader's screen, with nothing cut off or torn in two.
extension Stylesheet {
    static let print: HTML = """
        @page { margin: 14mm; }
        @media print {
          :root {
            color-scheme: light;
            \(daylight)
            --page: #fff;
          }
          body { padding: 0; max-width: none; font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          nav, .tip, .crosshair, .plot .spare { display: none; }
          section { margin-top: 28px; }
          h2 { font-size: 17px; }
          h3 { font-size: 12px; }
          figcaption, .key, .tiles dt, .tiles .note { font-size: 10.5px; }
          .lead p { font-size: 12px; }
          .tiles { grid-template-columns: repeat(4, 1fr); gap: 0 20px; }
          .tiles .value { font-size: 15px; }
          .facts { font-size: 10.5px; }
          figure, article, pre, tr, li, .tiles > div, .facts > div, .introduction { break-inside: avoid; }
          h2, h3, .figure-head, .introduction { break-after: avoid; }
          .scroll { overflow: visible; }
          table { font-size: 9.5px; }
          thead th { font-size: 9px; }
          .wide :is(th, td) { font-size: 7.6px; }
          .wide .swatch { width: 6px; height: 6px; }
          .plot text { font-size: 10px; }
          code, pre { font-size: 9.5px; }
          th, td { padding-block: 3px; }
          .wide :is(th, td) { padding-left: 5px; }
        }

        """
}
