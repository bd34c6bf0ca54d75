import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failed, invalid } from '../wire/errors.ts';
import { writeError } from '../wire/response.ts';
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
      if (request.httpVersionMajor !== 1) {
        // Express rewrites the objects that it is given, and those of HTTP/2 do not survive that.
        request.resume();
        writeError(invalid('The admin API speaks HTTP/1.1.'), response, randomUUID());
        return;
      }
      app ??= import('./app.ts').then(({ createApp }) => createApp(sources));
      request.url = path.slice('/_emulator'.length);
      app.then(
        (serve) => serve(request, response),
        (error: Error) => {
          app = undefined;
          sources.logger.error(`the admin API: ${error.stack}`);
          writeError(failed(error), response, randomUUID());
        },
      );
    },
  };
}
