/** Calls back after every change, until the function that it gives back is called. */
export type Follow = (listener: () => void) => () => void;

/** Those who follow something that changes. */
export interface Followers {
  readonly follow: Follow;
  tell(): void;
}

/** Nobody follows yet. */
export function createFollowers(): Followers {
  const listeners = new Set<() => void>();
  return {
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell() {
      for (const listener of listeners) listener();
    },
  };
}

/** Follows several things as one. */
export function followAll(...all: readonly Follow[]): Follow {
  return (listener) => {
    const unfollow = all.map((follow) => follow(listener));
    return () => {
      for (const end of unfollow) end();
    };
  };
}
