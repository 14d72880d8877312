// The stream: one socket for every topic, opened again when it breaks, with nothing missed in between.

/** Waits this long before it tries again, doubled each time. */
const [SOONEST, LATEST] = [250, 8_000];
/** Topics that begin with a snapshot. */
const hasSnapshot = (name) => /^(marks|top|book|account):/.test(name);

export class Stream extends EventTarget {
  #socket = null;
  #topics = new Map();
  #epoch = null;
  #patience = SOONEST;
  #isWanted = false;
  /** How many messages were found missing: a gap has its topic begin anew. */
  missed = 0;

  /**
   * Opens the socket; a second time with whoever is signed in by then. Tells `open` and `closed`, and `gap` where what
   * was told meanwhile cannot be had any more: who keeps what topics without a snapshot tell asks for it again.
   */
  open() {
    this.#isWanted = true;
    const old = this.#socket;
    this.#connect();
    old?.close(1000);
  }

  /**
   * Listens to a topic.
   * @param listener is given `(data, {number, isSnapshot, time})`
   * @returns what ends it
   */
  listen(name, listener) {
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = { listeners: new Set(), next: null };
      this.#topics.set(name, topic);
      this.#subscribe(name, topic);
    } else if (topic.next !== null && hasSnapshot(name)) {
      // Somebody who comes later begins with a snapshot too.
      this.#beginAgain(name, topic);
    }
    topic.listeners.add(listener);
    return () => {
      topic.listeners.delete(listener);
      if (topic.listeners.size > 0 || this.#topics.get(name) !== topic) return;
      this.#topics.delete(name);
      this.#send({ op: "unsubscribe", topic: name });
    };
  }

  #connect() {
    const socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/v1/stream");
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (socket === this.#socket) this.#take(JSON.parse(message.data));
    };
    socket.onclose = (event) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      this.dispatchEvent(new CustomEvent("closed", { detail: event.reason }));
      if (this.#isWanted) setTimeout(() => this.#socket ?? this.#connect(), this.#patience);
      this.#patience = Math.min(LATEST, this.#patience * 2);
    };
  }

  #take(message) {
    const topic = this.#topics.get(message.topic);
    switch (message.event) {
      case undefined:
        if (!topic || topic.next === null || message.number < topic.next) return;
        if (message.number > topic.next) {
          this.missed += message.number - topic.next;
          this.#beginAgain(message.topic, topic);
          return this.dispatchEvent(new CustomEvent("gap"));
        }
        topic.next = message.number + 1;
        return this.#tell(topic, message.data, { number: message.number, isSnapshot: false, time: message.time });
      case "snapshot":
        return topic && this.#tell(topic, message.data, { isSnapshot: true });
      case "subscribed":
      case "resumed":
        if (topic && message.event === "subscribed") topic.next = message.next;
        return;
      case "snapshotNeeded":
        return this.dispatchEvent(new CustomEvent("gap"));
      case "welcome": {
        this.#patience = SOONEST;
        const isNewRun = this.#epoch !== null && this.#epoch !== message.epoch;
        if (isNewRun) for (const each of this.#topics.values()) each.next = null;
        this.#epoch = message.epoch;
        for (const [name, each] of this.#topics) this.#subscribe(name, each);
        this.dispatchEvent(new CustomEvent("open", { detail: message }));
        if (isNewRun) this.dispatchEvent(new CustomEvent("gap"));
        return;
      }
      case "error":
        return this.dispatchEvent(new CustomEvent("refused", { detail: message.error }));
    }
  }

  #tell(topic, data, about) {
    for (const listener of topic.listeners) listener(data, about);
  }

  /** Subscribes anew, for a snapshot; what comes until then is passed over. */
  #beginAgain(name, topic) {
    topic.next = null;
    this.#send({ op: "unsubscribe", topic: name });
    this.#subscribe(name, topic);
  }

  #subscribe(name, topic) {
    const place = topic.next === null ? {} : { epoch: this.#epoch, from: topic.next };
    this.#send({ op: "subscribe", topic: name, ...place });
  }

  #send(request) {
    if (this.#socket?.readyState === WebSocket.OPEN && this.#epoch) this.#socket.send(JSON.stringify(request));
  }
}
