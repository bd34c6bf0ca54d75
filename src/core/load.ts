import type { Loadable } from '../shared/loadable.ts';

/** Loads a value and shows each state, until another load replaces it. */
export function load<Value>(
  read: () => Promise<Value>,
  show: (loadable: Loadable<Value>) => void,
  current: () => Loadable<Value>,
): void {
  const loading = { state: 'loading' } as const;
  show(loading);
  read().then(
    (value) => {
      if (current() === loading) show({ state: 'loaded', value });
    },
    (error: Error) => {
      const message = `${error.name}: ${error.message}`;
      if (current() === loading) show({ state: 'failed', message });
    },
  );
}
