/** Cancels something that was scheduled. Repeated calls have no effect. */
export type Cancel = () => void;

/** Virtual time, in milliseconds since the epoch. All parts of the emulator use it. */
export interface Clock {
  now(): number;
  /** The machine's real time, which other programs use for timestamps. */
  realNow(): number;
  /** Runs `due` once when virtual time reaches `time`. An advance waits for its promise. */
  at(time: number, due: () => void | Promise<void>): Cancel;
  /** Runs `callback` at an interval of real milliseconds, except during an advance. */
  every(milliseconds: number, callback: () => void): Cancel;
  /** Runs `prepare` before each advance, which waits for it. */
  beforeAdvance(prepare: () => void | Promise<void>): Cancel;
}

/** The emulator's own clock: real time plus an offset that only grows. */
export interface VirtualClock extends Clock {
  /** Milliseconds by which virtual time is ahead of real time. */
  offset(): number;
  /**
   * Moves time forward and runs, in order, every callback that becomes due. Callbacks that were due
   * before the advance finish first.
   */
  advance(milliseconds: number): Promise<void>;
  close(): void;
}

/** The maximum of setTimeout. A longer wait is split. */
const MAX_SLEEP = 2 ** 31 - 1;

interface Timer {
  readonly time: number;
  readonly order: number;
  readonly due: () => void | Promise<void>;
  /** Its position in the queue; negative if it is not queued. */
  position: number;
}

/** The real time that the clock depends on, which tests replace. */
export interface RealTime {
  now(): number;
  sleep(milliseconds: number, wake: () => void): Cancel;
  every(milliseconds: number, callback: () => void): Cancel;
}

/** The machine's time. Its timers do not keep the process running. */
const systemTime: RealTime = {
  now: () => Date.now(),
  sleep(milliseconds, wake) {
    const timer = setTimeout(wake, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/**
 * Creates a clock that starts `offset` ahead of real time, but not before `notBefore`, the last time
 * of an earlier run.
 */
export function createClock({
  offset: initialOffset = 0,
  notBefore = 0,
  real = systemTime,
  onError = () => {},
}: {
  offset?: number;
  notBefore?: number;
  real?: RealTime;
  /** Receives errors of callbacks, which must not stop the clock. */
  onError?: (error: Error) => void;
} = {}): VirtualClock {
  const timers = createQueue();
  const intervals = new Set<Cancel>();
  const preparations = new Set<() => void | Promise<void>>();
  /** Callbacks that became due in real time and have not finished. */
  const running = new Set<Promise<void>>();
  let offset = initialOffset;
  let latest = notBefore;
  let order = 0;
  let wakeAt = Infinity;
  let cancelWake: Cancel = () => {};
  let advances: Promise<void> = Promise.resolve();
  let advancing = false;
  let jumping = false;

  function now(): number {
    // If the machine's clock is set back, the offset grows, so that virtual time never goes back.
    const read = real.now();
    offset += Math.max(0, latest - (read + offset));
    latest = read + offset;
    return latest;
  }

  async function runSafely(action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      onError(error as Error);
    }
  }

  // A single real timer waits for the earliest deadline, however many there are.
  function sleepUntilNext(): void {
    if (jumping) return;
    const next = timers.peek()?.time ?? Infinity;
    if (next === wakeAt) return;
    cancelWake();
    wakeAt = next;
    if (next === Infinity) return;
    cancelWake = real.sleep(Math.min(Math.max(next - now(), 0), MAX_SLEEP), () => {
      wakeAt = Infinity;
      runDue(now());
      sleepUntilNext();
    });
  }

  function runDue(until: number): void {
    for (let timer = timers.takeDue(until); timer; timer = timers.takeDue(until)) {
      const run = runSafely(timer.due).finally(() => running.delete(run));
      running.add(run);
    }
  }

  async function advance(milliseconds: number): Promise<void> {
    advancing = true;
    await Promise.all([...preparations].map(runSafely));
    while (running.size > 0) await Promise.all(running);
    await jump(milliseconds);
    advancing = false;
  }

  async function jump(milliseconds: number): Promise<void> {
    const to = now() + milliseconds;
    const target = offset + milliseconds;
    cancelWake();
    wakeAt = Infinity;
    jumping = true;
    for (let timer = timers.takeDue(to); timer; timer = timers.takeDue(to)) {
      offset += Math.max(0, timer.time - now());
      await runSafely(timer.due);
    }
    // Real time that passed meanwhile comes on top, so the offset grows by exactly this much.
    offset = Math.max(offset, target);
    jumping = false;
    sleepUntilNext();
  }

  return {
    now,
    realNow: () => real.now(),
    offset: () => offset,
    at(time, due) {
      const timer: Timer = { time, order: order++, due, position: -1 };
      timers.add(timer);
      sleepUntilNext();
      return () => timers.remove(timer);
    },
    every(milliseconds, callback) {
      const stop = real.every(milliseconds, () => {
        if (!advancing) callback();
      });
      intervals.add(stop);
      return () => {
        intervals.delete(stop);
        stop();
      };
    },
    beforeAdvance(prepare) {
      preparations.add(prepare);
      return () => {
        preparations.delete(prepare);
      };
    },
    advance(milliseconds) {
      // Concurrent advances run in sequence, each from the end of the previous one.
      advances = advances.then(() => advance(milliseconds));
      return advances;
    },
    close() {
      cancelWake();
      for (const stop of intervals) stop();
      timers.clear();
    },
  };
}

/**
 * A binary heap of timers, ordered by time and then insertion. Each timer knows its position, so that
 * the many timers that are canceled, one per request, leave nothing behind.
 */
function createQueue() {
  const heap: Timer[] = [];
  const before = (a: Timer, b: Timer) => a.time - b.time || a.order - b.order;

  function place(timer: Timer, position: number): void {
    heap[position] = timer;
    timer.position = position;
  }

  function rise(timer: Timer): void {
    while (timer.position > 0) {
      const position = (timer.position - 1) >> 1;
      const parent = heap[position]!;
      if (before(timer, parent) >= 0) return;
      place(parent, timer.position);
      place(timer, position);
    }
  }

  function sink(timer: Timer): void {
    for (;;) {
      const left = heap[2 * timer.position + 1];
      const right = heap[2 * timer.position + 2];
      let least = timer;
      if (left && before(left, least) < 0) least = left;
      if (right && before(right, least) < 0) least = right;
      if (least === timer) return;
      const { position } = least;
      place(least, timer.position);
      place(timer, position);
    }
  }

  function remove(timer: Timer): void {
    const { position } = timer;
    if (position < 0) return;
    timer.position = -1;
    const last = heap.pop()!;
    if (last === timer) return;
    place(last, position);
    rise(last);
    sink(last);
  }

  return {
    peek: (): Timer | undefined => heap[0],
    add(timer: Timer): void {
      place(timer, heap.length);
      rise(timer);
    },
    remove,
    takeDue(until: number): Timer | undefined {
      const first = heap[0];
      if (!first || first.time > until) return undefined;
      remove(first);
      return first;
    },
    clear(): void {
      for (const timer of heap.splice(0)) timer.position = -1;
    },
  };
}
