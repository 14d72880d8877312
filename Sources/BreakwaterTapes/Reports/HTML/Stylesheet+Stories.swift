/// How the story of a liquidation looks: its stages down a line.
extension Stylesheet {
    static let stories: HTML = """
        .story { margin: 24px 0 0; padding: 18px 22px 16px; background: var(--panel); border-radius: 8px; }
        .story h3 { font-size: 17px; }
        .story .scroll { margin-top: 6px; }
        .story tbody tr:hover { background: none; }
        .outcome { padding: 1px 10px; border: 1px solid var(--c); border-radius: 99px; color: var(--c); font-size: 13px; font-weight: 560; }
        .trigger { display: flex; flex-wrap: wrap; gap: 0 18px; margin: 2px 0 0; color: var(--muted); font-size: 13.5px; }
        .trigger b, .loss-bar b { color: var(--ink); font-weight: 560; }
        .stages { margin: 14px 0 0; padding: 0; list-style: none; }
        .stages li { position: relative; padding: 0 0 12px 22px; }
        .stages > li::before {
          content: ""; position: absolute; left: 0; top: 7px; width: 9px; height: 9px; border-radius: 50%; background: var(--ink);
        }
        .stages > li::after { content: ""; position: absolute; left: 4px; top: 20px; bottom: -3px; border-left: 1px solid var(--strong); }
        .stages > li:last-child::after { display: none; }
        .stages b { font-weight: 620; }
        .stages p { margin: 0; font-size: 14px; }
        .stages time { white-space: nowrap; color: var(--muted); font-size: 12.5px; }
        .loss-bar { display: grid; gap: 8px; margin-top: 4px; }

        """
}
