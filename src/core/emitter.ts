/** Adds a listener; the returned function removes it. */
export type Subscribe<Event = void> = (listener: (event: Event) => void) => () => void;

/** Calls its listeners with each event. */
export interface Emitter<Event = void> {
  readonly subscribe: Subscribe<Event>;
  emit(event: Event): void;
}

/** Creates an emitter without listeners. */
export function createEmitter<Event = void>(): Emitter<Event> {
  const listeners = new Set<(event: Event) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
  };
}

/** Subscribes to several emitters at once. */
export function subscribeAll(...all: readonly Subscribe[]): Subscribe {
  return (listener) => {
    const unsubscribe = all.map((subscribe) => subscribe(listener));
    return () => {
      for (const remove of unsubscribe) remove();
    };
  };
}
