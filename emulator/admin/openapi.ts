import * as z from 'zod';
import { routes, type Route } from './routes.ts';

/** The admin API as OpenAPI 3.1 describes it, made from the same table that serves it. */
export function describeApi(version: string, url: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = {
      operationId: name,
      summary: route.summary,
      parameters: [
        ...[...route.path.matchAll(/:(\w+)/g)].map(([, label]) => ({
          name: label,
          in: 'path',
          required: true,
          schema: { type: label === 'run' ? 'integer' : 'string' },
        })),
        ...Object.entries(route.query ?? {}).map(([name, values]) => ({
          name,
          in: 'query',
          schema: { type: 'array', items: { type: 'string', enum: values } },
        })),
      ],
      ...(route.body && {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: z.toJSONSchema(route.body) } },
        },
      }),
      ...(route.takes && {
        requestBody: { required: true, content: { [route.takes]: { schema: { type: 'string' } } } },
      }),
      responses: {
        200: {
          description: route.summary,
          content: route.answer
            ? { 'application/json': { schema: z.toJSONSchema(route.answer) } }
            : { [route.streams!]: { schema: { type: 'string' } } },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'AgentCore emulator: admin API', version },
    servers: [{ url: `${url}/_emulator` }],
    paths,
  };
}
