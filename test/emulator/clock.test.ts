import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClock, type RealTime } from '../../emulator/clock.ts';

/** Real time that the test advances. */
function stillTime() {
  let now = 1_000_000;
  let sleeper: { at: number; wake: () => void } | null = null;
  let most = 0;
  let sleepers = 0;
  const intervals = new Set<() => void>();
  const real: RealTime = {
    now: () => now,
    sleep(milliseconds, wake) {
      const mine = { at: now + milliseconds, wake };
      sleeper = mine;
      sleepers += 1;
      most = Math.max(most, sleepers);
      return () => {
        sleepers -= 1;
        if (sleeper === mine) sleeper = null;
      };
    },
    every(_milliseconds, callback) {
      intervals.add(callback);
      return () => intervals.delete(callback);
    },
  };
  return {
    real,
    /** Advances real time and runs the due timers in order. */
    pass(milliseconds: number) {
      const end = now + milliseconds;
      while (sleeper && sleeper.at <= end) {
        const { at, wake } = sleeper;
        now = Math.max(now, at);
        sleeper = null;
        wake();
      }
      now = end;
    },
    setBack(milliseconds: number) {
      now -= milliseconds;
    },
    isAsleep: () => sleeper !== null,
    /** The highest number of concurrent real timers. */
    mostSleepers: () => most,
    intervals,
  };
}

test('Virtual time runs with real time and is ahead by its advances.', async () => {
  const time = stillTime();
  const clock = createClock({ real: time.real });
  expect(clock.now()).toBe(1_000_000);
  await clock.advance(900_000);
  time.pass(5);
  expect(clock.now()).toBe(1_900_005);
  expect(clock.offset()).toBe(900_000);
});

test('An advance runs everything that becomes due, in order and at its own time.', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(1000), { maxLength: 50 }),
      fc.nat(1000),
      async (delays, jump) => {
        const clock = createClock({ real: stillTime().real });
        const start = clock.now();
        const seen: { delay: number; at: number }[] = [];
        for (const delay of delays) {
          clock.at(start + delay, () => void seen.push({ delay, at: clock.now() - start }));
        }
        await clock.advance(jump);
        const expected = delays.filter((delay) => delay <= jump).toSorted((a, b) => a - b);
        expect(seen).toEqual(expected.map((delay) => ({ delay, at: delay })));
        expect(clock.now()).toBe(start + jump);
      },
    ),
  );
});

test('Canceled callbacks never run, and the others keep their order.', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ time: fc.nat(1000), isCanceled: fc.boolean() }), { maxLength: 50 }),
      async (callbacks) => {
        const clock = createClock({ real: stillTime().real });
        const start = clock.now();
        const ran: number[] = [];
        const cancels = callbacks.map(({ time: at }) =>
          clock.at(start + at, () => void ran.push(at)),
        );
        callbacks.forEach(({ isCanceled }, index) => {
          if (isCanceled) cancels[index]!();
        });
        await clock.advance(1000);
        for (const cancel of cancels) cancel();
        const kept = callbacks.filter(({ isCanceled }) => !isCanceled).map(({ time: at }) => at);
        expect(ran).toEqual(kept.toSorted((a, b) => a - b));
      },
    ),
  );
});

test('A callback can schedule another one within the same advance.', async () => {
  const clock = createClock({ real: stillTime().real });
  const start = clock.now();
  const moments: number[] = [];
  const again = () => {
    moments.push(clock.now() - start);
    clock.at(clock.now() + 100, again);
  };
  clock.at(start + 100, again);
  await clock.advance(350);
  expect(moments).toEqual([100, 200, 300]);
});

test('An advance waits for its callbacks, even if they take real time.', async () => {
  const clock = createClock({ real: stillTime().real });
  const order: string[] = [];
  clock.at(clock.now() + 10, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push('slow');
  });
  clock.at(clock.now() + 20, () => void order.push('quick'));
  await clock.advance(30);
  expect(order).toEqual(['slow', 'quick']);
});

test('Preparations run at the time before an advance, which waits for them.', async () => {
  const clock = createClock({ real: stillTime().real });
  const start = clock.now();
  const seen: string[] = [];
  const cancel = clock.beforeAdvance(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen.push(`read at ${clock.now() - start}`);
  });
  clock.at(start + 50, () => void seen.push(`due at ${clock.now() - start}`));
  await Promise.all([clock.advance(100), clock.advance(100)]);
  cancel();
  await clock.advance(100);
  expect(seen).toEqual(['read at 0', 'due at 50', 'read at 100']);
});

test('A failed preparation stops neither the advance nor the next one.', async () => {
  const failures: string[] = [];
  const clock = createClock({
    real: stillTime().real,
    onError: ({ message }) => failures.push(message),
  });
  const start = clock.now();
  clock.beforeAdvance(() => {
    throw new Error('not read');
  });
  await clock.advance(100);
  await clock.advance(100);
  expect({ failures, now: clock.now() - start }).toEqual({
    failures: ['not read', 'not read'],
    now: 200,
  });
});

test('An advance first waits for callbacks that became due in real time.', async () => {
  const time = stillTime();
  const clock = createClock({ real: time.real });
  const start = clock.now();
  let ended: number | null = null;
  clock.at(start + 10, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    ended = clock.now() - start;
  });
  time.pass(10);
  await clock.advance(1_000);
  expect(ended).toBe(10);
});

test('Intervals do not run during an advance.', async () => {
  const time = stillTime();
  const clock = createClock({ real: time.real });
  let repeats = 0;
  clock.every(1_000, () => repeats++);
  const repeat = () => {
    for (const each of time.intervals) each();
  };
  clock.at(clock.now() + 10, repeat);
  await clock.advance(100);
  expect(repeats).toBe(0);
  repeat();
  expect(repeats).toBe(1);
});

test('Concurrent advances run in sequence.', async () => {
  const clock = createClock({ real: stillTime().real });
  const start = clock.now();
  await Promise.all([clock.advance(100), clock.advance(200)]);
  expect(clock.now()).toBe(start + 300);
});

test('Real time reaches each deadline once, and none that was canceled.', () => {
  const time = stillTime();
  const clock = createClock({ real: time.real });
  const seen: string[] = [];
  clock.at(clock.now() + 50, () => void seen.push('b'));
  clock.at(clock.now() + 10, () => void seen.push('a'));
  const cancel = clock.at(clock.now() + 20, () => void seen.push('never'));
  cancel();
  time.pass(49);
  expect(seen).toEqual(['a']);
  time.pass(1);
  expect(seen).toEqual(['a', 'b']);
  expect(time.isAsleep()).toBe(false);
});

test('Time never goes back, even if the machine is set back or after a restart.', () => {
  const time = stillTime();
  const clock = createClock({ real: time.real, notBefore: 2_000_000 });
  expect(clock.now()).toBe(2_000_000);
  const ahead = createClock({ real: time.real });
  const before = ahead.now();
  time.setBack(60_000);
  expect(ahead.now()).toBe(before);
  time.pass(1_000);
  expect(ahead.now()).toBe(before + 1_000);
});

test('A failing callback stops neither the clock nor later callbacks.', async () => {
  const failures: string[] = [];
  const clock = createClock({
    real: stillTime().real,
    onError: ({ message }) => failures.push(message),
  });
  const start = clock.now();
  let after = 0;
  clock.at(start + 10, () => Promise.reject(new Error('due and broken')));
  clock.at(start + 20, () => void after++);
  await clock.advance(30);
  await clock.advance(30);
  expect({ after, failures, now: clock.now() - start }).toEqual({
    after: 1,
    failures: ['due and broken'],
    now: 60,
  });
});

test("A wait beyond the timer's maximum is split.", () => {
  const time = stillTime();
  const clock = createClock({ real: time.real });
  let due = 0;
  clock.at(clock.now() + 2 ** 32, () => void due++);
  time.pass(2 ** 31);
  expect(due).toBe(0);
  time.pass(2 ** 31);
  expect(due).toBe(1);
});

test('Ten thousand deadlines use one real timer, and a closed clock none.', () => {
  const time = stillTime();
  const clock = createClock({ real: time.real });
  let due = 0;
  for (let index = 0; index < 10_000; index++) {
    clock.at(clock.now() + 1000 + index, () => void due++);
  }
  clock.every(2000, () => {});
  expect(time.mostSleepers()).toBe(1);
  clock.close();
  expect(time.isAsleep()).toBe(false);
  expect(time.intervals.size).toBe(0);
  time.pass(100_000);
  expect(due).toBe(0);
});

test('an advance adds exactly its length to the offset, however long it takes', async () => {
  const { real, pass } = stillTime();
  const clock = createClock({ real });
  clock.at(clock.now() + 500, () => pass(40));
  await clock.advance(1_000);
  expect(clock.offset()).toBe(1_000);
});
