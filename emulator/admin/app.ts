import { randomUUID } from 'node:crypto';
import express, { type NextFunction, type Request, type Response } from 'express';
import * as z from 'zod';
import type { Logger } from '../log.ts';
import { failed, invalid, notFound, WireError } from '../wire/errors.ts';
import { writeError } from '../wire/response.ts';
import { jsonRoute, type AdminRoutes } from './adminRoute.ts';
import { describeApi } from './openapi.ts';

/** Properties of the emulator in the API's description. */
interface ApiOptions {
  readonly version: string;
  readonly url: string;
  readonly logger: Logger;
}

/** Creates the Express app of the admin API, including its description. */
export function createApp(contributed: AdminRoutes, options: ApiOptions): express.Express {
  const routes: Record<string, AdminRoutes[string]> = { ...contributed };
  routes['openapi'] = jsonRoute({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    answer: z.looseObject({ openapi: z.string() }),
    handle: () => describeApi(routes, options),
  });

  const app = express();
  app.disable('x-powered-by');
  const readJson = express.json();
  for (const route of Object.values(routes)) {
    if (route.body) app.use(route.path, readJson);
    app[route.method](route.path, (request, response) => route.handle(request, response));
  }
  app.use((request) => {
    throw notFound(
      `${request.method} /_emulator${request.path} is not part of the admin API. GET /_emulator/openapi.json lists all calls.`,
    );
  });
  app.use((error: Error, request: Request, response: Response, _next: NextFunction) => {
    writeError(toWireError(error, request), response, randomUUID());
  });
  return app;

  // An unreadable path or body is the client's error. All others are the emulator's.
  function toWireError(error: Error, { path }: Request): WireError {
    if (error instanceof WireError) return error;
    if (error instanceof URIError) {
      return invalid(`The path /_emulator${path} is not valid percent-encoding.`);
    }
    if ('type' in error && 'status' in error && Number(error.status) < 500) {
      return invalid(`body: ${error.message}`);
    }
    options.logger.error(`The admin API failed: ${error.stack}`);
    return failed(error);
  }
}
