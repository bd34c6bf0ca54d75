import * as z from 'zod';
import type { AdminRoute, AdminRoutes } from './adminRoute.ts';

/** Describes the admin API as OpenAPI 3.1, from the same routes that serve it. */
export function describeApi(
  routes: AdminRoutes,
  { version, url }: { readonly version: string; readonly url: string },
) {
  const paths: Record<string, Record<string, object>> = {};
  for (const [operationId, route] of Object.entries(routes)) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = { operationId, ...describeRoute(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'AgentCore emulator: admin API', version },
    servers: [{ url: `${url}/_emulator` }],
    paths,
  };
}

function describeRoute(route: AdminRoute): object {
  const { path, summary, query = {}, body, bodyType, answer, answerType } = route;
  return {
    summary,
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, label]) => ({
        name: label,
        in: 'path',
        required: true,
        schema: { type: label === 'run' ? 'integer' : 'string' },
      })),
      ...Object.entries(query).map(([name, values]) => ({
        name,
        in: 'query',
        schema: { type: 'array', items: { type: 'string', enum: values } },
      })),
    ],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: z.toJSONSchema(body) } },
      },
    }),
    ...(bodyType !== undefined && {
      requestBody: { required: true, content: { [bodyType]: { schema: { type: 'string' } } } },
    }),
    responses: {
      200: {
        description: summary,
        content: answer
          ? { 'application/json': { schema: z.toJSONSchema(answer) } }
          : { [answerType ?? 'application/octet-stream']: { schema: { type: 'string' } } },
      },
    },
  };
}
