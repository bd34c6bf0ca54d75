import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '../http/route.ts';
import type { Logger } from '../log.ts';
import { failed, invalid } from '../wire/errors.ts';
import type { AdminRoutes } from './adminRoute.ts';

const PREFIX = '/_emulator';

/** Dependencies of the admin API. */
interface AdminApiDependencies {
  /** Loads the calls of the emulator itself and of its services. */
  readonly loadRoutes: () => Promise<AdminRoutes>;
  readonly version: string;
  readonly url: string;
  readonly logger: Logger;
}

/**
 * Serves everything below `/_emulator/` to the operator. Express and zod are loaded with the first
 * request, because most emulators never get one.
 */
export function createAdminApi({ loadRoutes, ...options }: AdminApiDependencies): Route {
  const { logger } = options;
  let loading: Promise<(request: IncomingMessage, response: ServerResponse) => void> | undefined;

  async function load() {
    const [{ createApp }, routes] = await Promise.all([import('./app.ts'), loadRoutes()]);
    return createApp(routes, options);
  }

  return {
    operatorOnly: true,
    matches: ({ path }) => path.startsWith(`${PREFIX}/`),
    async handle(request, response, { path }) {
      if (request.httpVersionMajor !== 1) {
        // Express replaces the prototypes of request and response, which breaks HTTP/2's objects.
        request.resume();
        throw invalid('The admin API requires HTTP/1.1.');
      }
      request.url = path.slice(PREFIX.length);
      const serve = await (loading ??= load()).catch((error: Error) => {
        loading = undefined;
        logger.error(`The admin API failed to load: ${error.stack}`);
        throw failed(error);
      });
      serve(request, response);
    },
  };
}
