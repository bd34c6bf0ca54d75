import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ConsoleSources } from './app.ts';

/** The emulator's own door, beside AWS's: everything below `/_emulator/`. */
export interface Console {
  handle(request: IncomingMessage, response: ServerResponse, path: string): void;
}

/** Loads Express and zod with the first request only: an emulator that nobody asks needs neither. */
export function createConsole(sources: ConsoleSources): Console {
  let app: Promise<(request: IncomingMessage, response: ServerResponse) => void> | undefined;
  return {
    handle(request, response, path) {
      app ??= import('./app.ts').then(({ createApp }) => createApp(sources));
      request.url = path.slice('/_emulator'.length);
      void app.then((serve) => serve(request, response));
    },
  };
}
