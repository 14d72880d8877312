// How much would be liquidated at which price, drawn along the chart's prices: longs in the colour of falls, shorts in
// that of rises. What a chart attaches to a series.

/** The widest bar, as a share of the chart. */
const WIDEST = 0.22;

export class Heat {
  #series = null;
  #request = null;
  #buckets = [];
  #colours = ["", ""];
  isShown = true;

  attached({ series, requestUpdate }) {
    this.#series = series;
    this.#request = requestUpdate;
  }

  detached() {
    this.#series = this.#request = null;
  }

  /** @param buckets as the venue tells them, `{from, to, longs, shorts}` */
  show(buckets, colours) {
    this.#buckets = buckets.map(({ from, to, longs, shorts }) => [from, to, longs, shorts].map(Number));
    this.#colours = colours;
    this.#request?.();
  }

  updateAllViews() {}

  paneViews() {
    return [{ zOrder: () => "bottom", renderer: () => ({ draw: (target) => this.#draw(target) }) }];
  }

  #draw(target) {
    const series = this.#series;
    if (!series || !this.isShown) return;
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      const bars = this.#buckets.map(([from, to, longs, shorts]) => ({
        top: series.priceToCoordinate(to), bottom: series.priceToCoordinate(from), longs, shorts,
      })).filter(({ top, bottom }) => top !== null && bottom !== null && bottom > 0 && top < mediaSize.height);
      const most = Math.max(0, ...bars.flatMap(({ longs, shorts }) => [longs, shorts]));
      if (most === 0) return;
      context.globalAlpha = 0.22;
      for (const { top, bottom, longs, shorts } of bars) {
        [longs, shorts].forEach((size, kind) => {
          const width = (size / most) * mediaSize.width * WIDEST;
          context.fillStyle = this.#colours[kind];
          context.fillRect(mediaSize.width - width, top + 0.5, width, Math.max(1, bottom - top - 1));
        });
      }
      context.globalAlpha = 1;
    });
  }
}
