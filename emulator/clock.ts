/** Takes back something that was scheduled; taking it back twice is harmless. */
export type Cancel = () => void;

/** Time as every part of the emulator sees it: milliseconds since the epoch, virtual. */
export interface Clock {
  now(): number;
  /** What the machine's own clock says, by which others stamp what they send us. */
  realNow(): number;
  /** Runs `due` once, when virtual time has reached `time`; an advance waits for what it returns. */
  at(time: number, due: () => void | Promise<void>): Cancel;
  /** Runs `beat` at an interval of real milliseconds, except while an advance is in progress. */
  every(milliseconds: number, beat: () => void): Cancel;
  /** Runs `prepare` before each advance, which waits for it before it moves time. */
  beforeAdvance(prepare: () => void | Promise<void>): Cancel;
}

/** The emulator's own clock: real time plus an offset that only grows. */
export interface VirtualClock extends Clock {
  /** Milliseconds by which virtual time is ahead of real time. */
  offset(): number;
  /**
   * Moves time forward and carries out, in order, everything that falls due on the way. What fell
   * due before the advance is finished first, at the time at which it fell due.
   */
  advance(milliseconds: number): Promise<void>;
  close(): void;
}

/** setTimeout overflows beyond this; a longer wait is slept in pieces. */
const LONGEST_SLEEP = 2 ** 31 - 1;

interface Timer {
  readonly time: number;
  readonly order: number;
  due: (() => void | Promise<void>) | null;
}

/** Real time as the clock needs it, so that a test can hold it still. */
export interface RealTime {
  now(): number;
  sleep(milliseconds: number, wake: () => void): Cancel;
  every(milliseconds: number, beat: () => void): Cancel;
}

/** The machine's own time. Its timers never keep the process alive: the server does. */
const systemTime: RealTime = {
  now: () => Date.now(),
  sleep(milliseconds, wake) {
    const timer = setTimeout(wake, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds, beat) {
    const timer = setInterval(beat, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/**
 * A clock that starts `offset` ahead of real time and never shows a moment before `notBefore`,
 * the last one that an earlier run of the emulator saw.
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
  /** What fell due must not stop the clock, whatever happens to it. */
  onError?: (error: Error) => void;
} = {}): VirtualClock {
  const timers = createQueue();
  const beats = new Set<Cancel>();
  const preparations = new Set<() => void | Promise<void>>();
  /** Callbacks that fell due in real time and have not finished. */
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
    // A machine that is set back is behind by that much from then on: virtual time keeps running.
    offset += Math.max(0, latest - (real.now() + offset));
    latest = real.now() + offset;
    return latest;
  }

  async function carryOut(action: (() => void | Promise<void>) | null): Promise<void> {
    try {
      await action?.();
    } catch (error) {
      onError(error as Error);
    }
  }

  // One real timer sleeps for the earliest deadline, so ten thousand sleepers cost nothing.
  function sleepUntilNext(): void {
    if (jumping) return;
    const next = timers.peek()?.time ?? Infinity;
    if (next === wakeAt) return;
    cancelWake();
    wakeAt = next;
    if (next === Infinity) return;
    cancelWake = real.sleep(Math.min(Math.max(next - now(), 0), LONGEST_SLEEP), () => {
      wakeAt = Infinity;
      runDue(now());
      sleepUntilNext();
    });
  }

  function runDue(until: number): void {
    for (let timer = timers.takeDue(until); timer; timer = timers.takeDue(until)) {
      const run = carryOut(timer.due).finally(() => running.delete(run));
      running.add(run);
    }
  }

  async function advance(milliseconds: number): Promise<void> {
    advancing = true;
    await Promise.all([...preparations].map(carryOut));
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
      await carryOut(timer.due);
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
      const timer: Timer = { time, order: order++, due };
      timers.add(timer);
      sleepUntilNext();
      return () => {
        timer.due = null;
      };
    },
    every(milliseconds, beat) {
      const stop = real.every(milliseconds, () => {
        if (!advancing) beat();
      });
      beats.add(stop);
      return () => {
        beats.delete(stop);
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
      // Two advances at once are one after the other, each measured from where the last one ended.
      advances = advances.then(() => advance(milliseconds));
      return advances;
    },
    close() {
      cancelWake();
      for (const stop of beats) stop();
      timers.clear();
    },
  };
}

/** Timers by time, then by order of arrival: a binary heap; a cancelled one is dropped when met. */
function createQueue() {
  let heap: Timer[] = [];
  const before = (a: Timer, b: Timer) => a.time - b.time || a.order - b.order;

  function sink(start: number): void {
    for (let parent = start; ;) {
      const left = 2 * parent + 1;
      let least = parent;
      for (const child of [left, left + 1]) {
        if (child < heap.length && before(heap[child]!, heap[least]!) < 0) least = child;
      }
      if (least === parent) return;
      [heap[parent], heap[least]] = [heap[least]!, heap[parent]!];
      parent = least;
    }
  }

  function removeFirst(): void {
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    sink(0);
  }

  function peek(): Timer | undefined {
    while (heap[0] && heap[0].due === null) removeFirst();
    return heap[0];
  }

  return {
    peek,
    add(timer: Timer): void {
      let child = heap.push(timer) - 1;
      while (child > 0) {
        const parent = (child - 1) >> 1;
        if (before(heap[child]!, heap[parent]!) >= 0) return;
        [heap[parent], heap[child]] = [heap[child]!, heap[parent]!];
        child = parent;
      }
    },
    takeDue(until: number): Timer | undefined {
      const first = peek();
      if (!first || first.time > until) return undefined;
      removeFirst();
      return first;
    },
    clear(): void {
      heap = [];
    },
  };
}
