/** Calls back whenever there is something to tell, until the function that it gives back is called. */
export type Follow<News = void> = (listener: (news: News) => void) => () => void;

/** Those who follow something that changes. */
export interface Followers<News = void> {
  readonly follow: Follow<News>;
  tell(news: News): void;
}

/** Nobody follows yet. */
export function createFollowers<News = void>(): Followers<News> {
  const listeners = new Set<(news: News) => void>();
  return {
    follow(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(news) {
      for (const listener of listeners) listener(news);
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
