/** Calls back whenever there is something to tell, until the function that it gives back is called. */
export type Subscribe<News = void> = (listener: (news: News) => void) => () => void;

/** Those who follow something that changes. */
export interface Emitter<News = void> {
  readonly subscribe: Subscribe<News>;
  emit(news: News): void;
}

/** Nobody follows yet. */
export function createEmitter<News = void>(): Emitter<News> {
  const listeners = new Set<(news: News) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    emit(news) {
      for (const listener of listeners) listener(news);
    },
  };
}

/** Follows several things as one. */
export function subscribeAll(...all: readonly Subscribe[]): Subscribe {
  return (listener) => {
    const unfollow = all.map((follow) => follow(listener));
    return () => {
      for (const end of unfollow) end();
    };
  };
}
