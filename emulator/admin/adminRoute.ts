import type { Request, Response } from 'express';
import type * as z from 'zod';
import { invalid } from '../wire/errors.ts';

/** One call of the admin API. Its schemas validate requests and describe the call in openapi.json. */
export interface AdminRoute {
  readonly method: 'get' | 'post';
  /** Below `/_emulator`, in Express's form: `:name` for a label. */
  readonly path: string;
  readonly summary: string;
  /** The query's parameters, each repeatable, with the values that it accepts. */
  readonly query?: Readonly<Record<string, readonly string[]>>;
  /** The schema of a JSON body. */
  readonly body?: z.ZodType | undefined;
  /** The content type of a body that is a stream. */
  readonly bodyType?: string;
  /** The schema of a JSON response. */
  readonly answer?: z.ZodType;
  /** The content type of a response that is a stream. */
  readonly answerType?: string;
  handle(request: Request, response: Response): void | Promise<void>;
}

/** Calls of the admin API by their operation IDs. */
export type AdminRoutes = Readonly<Record<string, AdminRoute>>;

type Description = Pick<AdminRoute, 'method' | 'summary' | 'query' | 'bodyType'>;

/** The labels of a path, such as x and y of `/a/:x/:y`. */
type LabelsOf<Path extends string> = Path extends `${string}:${infer Label}/${infer Rest}`
  ? { readonly [Name in Label]: string } & LabelsOf<`/${Rest}`>
  : Path extends `${string}:${infer Label}`
    ? { readonly [Name in Label]: string }
    : unknown;

/** The input of a handler: the path's labels, the validated body and the request. */
interface AdminCall<Path extends string, Body> {
  readonly labels: LabelsOf<Path>;
  readonly body: Body;
  readonly request: Request;
}

/** A call that answers with JSON. Its handler's types derive from the path and the schemas. */
export function jsonRoute<
  const Path extends string,
  Answer extends z.ZodType,
  Body extends z.ZodType = z.ZodUndefined,
>({
  body,
  handle,
  ...route
}: Description & {
  readonly path: Path;
  readonly body?: Body;
  readonly answer: Answer;
  readonly handle: (
    call: AdminCall<Path, z.output<Body>>,
  ) => z.input<Answer> | Promise<z.input<Answer>>;
}): AdminRoute {
  return {
    ...route,
    body,
    async handle(request, response) {
      const labels = request.params as LabelsOf<Path>;
      const parsed = (body && parseBody(body, request.body)) as z.output<Body>;
      response.json(await handle({ labels, body: parsed, request }));
    },
  };
}

function parseBody(schema: z.ZodType, body: unknown): unknown {
  if (body === undefined) {
    throw invalid('body: missing, or sent without content-type: application/json');
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'body';
  throw invalid(`${field}: ${issue?.message}; got ${JSON.stringify(body) ?? 'nothing'}`);
}
