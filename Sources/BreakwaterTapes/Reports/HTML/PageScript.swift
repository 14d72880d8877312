/// The script of a page: it shows what is pointed at, and nothing else. Everything it shows is in the page without it.
enum PageScript {
    static let code: HTML = """
        (() => {
        const tip = document.createElement("div");
        tip.className = "tip";
        tip.setAttribute("role", "status");
        tip.hidden = true;
        document.body.append(tip);

        const element = (name, style, text) => {
          const made = document.createElement(name);
          if (style) made.className = style;
          if (text) made.textContent = text;
          return made;
        };
        const showAt = (x, y) => {
          tip.hidden = false;
          const left = x + 16 + tip.offsetWidth > innerWidth ? x - tip.offsetWidth - 16 : x + 16;
          tip.style.left = Math.max(4, left) + "px";
          tip.style.top = Math.max(4, Math.min(y + 16, innerHeight - tip.offsetHeight - 4)) + "px";
        };

        // Marks: their titles, in the page's own style.
        document.querySelectorAll(".mark > g").forEach(mark => {
          const title = mark.querySelector("title");
          const lines = title.textContent.split("\\n");
          mark.setAttribute("aria-label", lines.join(", "));
          mark.setAttribute("role", "img");
          title.remove();
          mark.addEventListener("pointermove", event => {
            event.stopPropagation();
            hideLines();
            tip.replaceChildren(element("b", "", lines[0]), ...lines.slice(1).map(line => element("div", "", line)));
            showAt(event.clientX, event.clientY);
          });
        });

        // Plots over time: one crosshair through all that share their columns.
        const plots = [...document.querySelectorAll(".plot[data-crosshair]")].map(plot => {
          const line = element("div", "crosshair");
          line.hidden = true;
          plot.append(line);
          return { plot, line, name: plot.dataset.crosshair };
        });
        const read = name => JSON.parse(document.getElementById(name).textContent);
        const data = Object.fromEntries([...new Set(plots.map(each => each.name))].map(name => [name, read(name)]));
        function hideLines() { plots.forEach(each => { each.line.hidden = true; }); }

        const point = (name, column, x, y) => {
          const { rows, columns } = data[name];
          const [title, ...figures] = columns[column];
          plots.forEach(each => {
            each.line.hidden = each.name !== name;
            each.line.style.left = (column + 0.5) / columns.length * 100 + "%";
          });
          const list = element("dl");
          rows.forEach(([text, style], row) => {
            const term = element("dt", "", text);
            if (style) term.prepend(element("i", "swatch square " + style));
            list.append(term, element("dd", "", figures[row]));
          });
          tip.replaceChildren(element("b", "", title), list);
          showAt(x, y);
        };
        plots.forEach(({ plot, name }) => {
          const count = data[name].columns.length;
          let column = 0;
          const at = next => {
            column = Math.max(0, Math.min(count - 1, next));
            return column;
          };
          plot.tabIndex = 0;
          plot.addEventListener("pointermove", event => {
            const box = plot.getBoundingClientRect();
            point(name, at(Math.floor((event.clientX - box.left) / box.width * count)), event.clientX, event.clientY);
          });
          plot.addEventListener("keydown", event => {
            const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -12, PageDown: 12 }[event.key];
            if (event.key === "Escape") return hide();
            if (!step) return;
            event.preventDefault();
            const box = plot.getBoundingClientRect();
            point(name, at(column + step), box.left + (column + 0.5) / count * box.width, box.top);
          });
          plot.addEventListener("pointerleave", hide);
          plot.addEventListener("blur", hide);
        });
        function hide() {
          tip.hidden = true;
          hideLines();
        }
        })();

        """
}
