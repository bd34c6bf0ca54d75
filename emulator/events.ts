import type { EmulatorEvent } from '../src/shared/emulator.ts';

/** Publishes the emulator's events to subscribers. */
export interface Events {
  /** Creates the event only if there are subscribers. */
  publish(createEvent: () => EmulatorEvent): void;
  subscribe(listener: (event: EmulatorEvent) => void): () => void;
}

/** Creates the events of one emulator. */
export function createEvents(): Events {
  const listeners = new Set<(event: EmulatorEvent) => void>();
  return {
    publish(createEvent) {
      if (listeners.size === 0) return;
      const event = createEvent();
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
