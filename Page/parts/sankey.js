// Where money went, as bands from who gave it, through what was done, to who has it now: each as wide as its amount.

import { difference, negative, sum } from "../venue/exact.js";
import { grouped } from "../venue/numbers.js";
import { stageName } from "../venue/stages.js";
import { h, row, table } from "./element.js";
import { picture, s } from "./svg.js";

const [NODE, BETWEEN, TALL, TOP] = [12, 26, 190, 18];

const BEARERS = {
  trader: ["The trader's margin", "--accent"], fund: ["The insurance fund", "--warn"],
  providers: ["Liquidity providers", "--good"], deleveraged: ["Deleveraged traders", "--bad"],
  clawedBack: ["A clawback from winners", "--violet"], venue: ["The venue", "--ink"],
};
const MARKET = ["The market, which took the other side", "--quiet"];
/** What is called by fewer words where there is little room, in units of the picture. */
const NARROW = 560;
const SHORT = {
  "The trader's margin": "Trader", "The insurance fund": "Fund", "Liquidity providers": "Providers",
  "Deleveraged traders": "Deleveraged", "A clawback from winners": "Clawback", "The venue": "Venue",
  "The position's loss": "Loss", [MARKET[0]]: "Market",
};
const isPositive = (text) => Number(text) > 0;

/**
 * The flows of a liquidation's loss: `[{from, to, amount}]` between nodes `[{name, colour, column}]`.
 *
 * What was given is what is had: who bore a part gives it, who gained has it, and the total went to the other side of
 * the market. What the position lost while it was closed in parts is apart from what was lost by taking it over.
 */
export function flows(told) {
  const { loss } = told;
  const shares = Object.entries(BEARERS).map(([key, [name, colour]]) => ({ name, colour, amount: loss[key] }));
  shares.push({ name: MARKET[0], colour: MARKET[1], amount: negative(loss.total) });
  const givers = shares.filter(({ amount }) => isPositive(amount));
  const takers = shares.filter(({ amount }) => isPositive(negative(amount))).map((each) =>
    ({ ...each, amount: negative(each.amount) }));
  if (givers.length === 0) return { nodes: [], links: [] };

  // Parts closed on the trader's account go to the market alone; what is left goes through the takeover.
  const parts = new Map();
  for (const { stage, loss: lost } of told.stages) {
    if (lost !== undefined && isPositive(lost)) parts.set(stage, sum(parts.get(stage) ?? "0", lost));
  }
  const closed = sum("0", ...parts.values());
  const [trader, market] = [givers.find(({ name }) => name === BEARERS.trader[0]),
    takers.find(({ name }) => name === MARKET[0])];
  const fits = trader && market && Number(closed) <= Number(trader.amount) && Number(closed) <= Number(market.amount);
  const nodes = [...givers.map((each) => ({ ...each, column: 0 })), ...takers.map((each) => ({ ...each, column: 2 }))];
  const links = [];
  const through = (name, take, give) => {
    const amount = sum("0", ...take.map((each) => each.amount));
    if (!isPositive(amount)) return;
    const node = { name, colour: "--accent", amount, column: 1 };
    nodes.push(node);
    for (const each of take) if (isPositive(each.amount)) links.push({ from: each.node, to: node,
      amount: each.amount });
    for (const each of give) if (isPositive(each.amount)) links.push({ from: node, to: each.node,
      amount: each.amount });
  };
  const node = (each, column) => nodes.find(({ name, column: at }) => name === each.name && at === column);
  if (fits) {
    for (const [stage, amount] of parts) {
      through(stageName(stage), [{ node: node(trader, 0), amount }], [{ node: node(market, 2), amount }]);
    }
  }
  const rest = (each, known) => (fits && each === known ? difference(each.amount, closed) : each.amount);
  through(told.stages.some(({ stage }) => stage === "takeover") ? stageName("takeover") : "The position's loss",
    givers.map((each) => ({ node: node(each, 0), amount: rest(each, trader) })),
    takers.map((each) => ({ node: node(each, 2), amount: rest(each, market) })));
  return { nodes, links };
}

/** Places the nodes of each column one below the other, and gives every link its place at both ends. */
function placed({ nodes, links }, width) {
  const total = Math.max(...[0, 1, 2].map((column) =>
    nodes.filter((each) => each.column === column).reduce((all, { amount }) => all + Number(amount), 0)));
  const scale = TALL / total;
  const most = Math.max(...[0, 1, 2].map((column) => nodes.filter((each) => each.column === column).length));
  const height = TOP + TALL + most * (BETWEEN + 14);
  for (const column of [0, 1, 2]) {
    let top = TOP + 14;
    for (const node of nodes.filter((each) => each.column === column)) {
      Object.assign(node, {
        x: (column * (width - NODE)) / 2, y: top, tall: Math.max(1.5, Number(node.amount) * scale), into: 0, out: 0,
      });
      top += node.tall + BETWEEN + 14;
    }
  }
  for (const link of links) {
    const wide = Number(link.amount) * scale;
    Object.assign(link, { wide, start: link.from.y + link.from.out, end: link.to.y + link.to.into });
    link.from.out += wide;
    link.to.into += wide;
  }
  return Math.min(height, Math.max(...nodes.map(({ y, tall }) => y + tall)) + 14);
}

function band({ from, to, start, end, wide, amount }, currency) {
  const [left, right] = [from.x + NODE, to.x];
  const middle = (left + right) / 2;
  const [upper, lower] = [Math.max(wide, 1), 0];
  const path = s("path", {
    d: `M${left},${start + lower}C${middle},${start} ${middle},${end} ${right},${end}v${upper}`
      + `C${middle},${end + upper} ${middle},${start + upper} ${left},${start + upper}Z`,
    fill: (to.column === 2 ? to : from).colour,
  }, s("title", {}, `${from.name} → ${to.name}: ${grouped(amount)} ${currency}`));
  return path;
}

/** The picture, and the same as a table. */
export function sankey(told, width) {
  const { currency, loss } = told;
  const flow = flows(told);
  const borne = Object.entries(BEARERS).filter(([who]) => Number(loss[who]) !== 0);
  const rows = borne.map(([who, [name]]) => row(name + (Number(loss[who]) < 0 ? ", which gained" : ""),
    grouped(loss[who])));
  const list = table("Who bore the loss", ["Who", currency],
    [...rows, h("tr.current", {}, h("th", { scope: "row" }, "in all"), h("td", {}, grouped(loss.total)))],
      "Nobody lost anything.");
  if (flow.links.length === 0) return h("div", {}, list);
  const height = placed(flow, width);
  const anchor = ["start", "middle", "end"];
  const edge = (node) => node.x + [0, NODE / 2, NODE][node.column];
  const words = flow.links.map(({ from, to, amount }) => `${from.name} to ${to.name}: ${grouped(amount)}`).join("; ");
  const drawn = picture("Where the money went. " + words, width, height,
    flow.links.map((link) => band(link, currency)),
    flow.nodes.map((node) => s("rect",
      { x: node.x, y: node.y, width: NODE, height: node.tall, rx: 2, fill: node.colour },
      s("title", {}, `${node.name}: ${grouped(node.amount)} ${currency}`))),
    flow.nodes.map((node) => s("text", { x: edge(node), y: node.y - 5, "text-anchor": anchor[node.column] },
      width < NARROW ? SHORT[node.name] ?? node.name : node.name,
        s("tspan", { class: "amount", dx: 6 }, grouped(node.amount)))));
  drawn.classList.add("sankey");
  return h("div.told", {}, drawn, list);
}
