import type { EmulatorEvent } from '../src/shared/emulator.ts';

/** Where everything that happens is told to whoever listens. */
export interface Events {
  /** The event is only made when somebody listens: most of the time nobody does. */
  publish(event: () => EmulatorEvent): void;
  subscribe(listener: (event: EmulatorEvent) => void): () => void;
}

/** A feed without listeners. */
export function createEvents(): Events {
  const listeners = new Set<(event: EmulatorEvent) => void>();
  return {
    publish(make) {
      if (listeners.size === 0) return;
      const event = make();
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
