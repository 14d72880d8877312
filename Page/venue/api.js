// The native API. A refusal is an Error whose message is the venue's sentence.

export class Refusal extends Error {
  constructor(status, { code = "unknown", message = "The venue did not say why.", field, expected } = {}) {
    super(message);
    Object.assign(this, { status, code, field, expected });
  }
}

let csrfToken = null;

/** Asks for what lies at a path, or changes it; `body` is sent as JSON. */
export async function ask(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  if (csrfToken && method !== "GET") headers["X-CSRF-Token"] = csrfToken;
  let reply;
  try {
    reply = await fetch("/v1" + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refusal(0, { code: "unreachable",
      message: "The venue cannot be reached. What you asked for may not have happened." });
  }
  const text = await reply.text();
  let json;
  try {
    json = text ? JSON.parse(text) : {};
  } catch {
    json = {};
  }
  if (!reply.ok) throw new Refusal(reply.status, json.error);
  return json;
}

export const get = (path) => ask("GET", path);

/** The session that this browser has, if any: `{user: {name, role, accounts}, csrfToken, expires}`. */
export async function session() {
  // The cookie is not for scripts to see; without this everybody's first visit would begin with a refusal.
  if (!localStorage.getItem("signed in")) return null;
  try {
    return keep(await get("/session"));
  } catch (refusal) {
    if (refusal.status === 401) return keep(null);
    throw refusal;
  }
}

export async function signIn(name, password) {
  return keep(await ask("POST", "/session", { name, password }));
}

export async function signUp(name, password) {
  await ask("POST", "/users", { name, password });
  return signIn(name, password);
}

export async function signOut() {
  await ask("DELETE", "/session");
  return keep(null);
}

function keep(found) {
  csrfToken = found?.csrfToken ?? null;
  if (found) localStorage.setItem("signed in", "yes");
  else localStorage.removeItem("signed in");
  return found;
}
