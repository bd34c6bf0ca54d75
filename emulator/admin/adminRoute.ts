import type { Request, Response } from 'express';
import * as z from 'zod';
import { suggest } from '../../src/shared/suggest.ts';
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
  throw invalid(result.error.issues.map((issue) => describeIssue(issue, schema, body)).join(' '));
}

/** Names the field, its value and what to send instead. */
function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType, body: unknown): string {
  const fields = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .map((key) => {
        const meant = suggest(key, fields);
        const fix = meant === undefined ? `Use ${fields.join(', ')}.` : `Did you mean ${meant}?`;
        return `${key}: not a field of this call. ${fix}`;
      })
      .join(' ');
  }
  const value = issue.path.reduce<unknown>(
    (parent, key) => (parent as Readonly<Record<PropertyKey, unknown>>)[key],
    body,
  );
  const problem = value === undefined ? 'missing' : `${JSON.stringify(value)} is not allowed`;
  return `${issue.path.join('.') || 'body'}: ${problem}. ${expectation(issue)}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') {
    return `Send ${/^[aeio]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}.`;
  }
  if (issue.code === 'too_small') return `The minimum is ${issue.minimum}.`;
  if (issue.code === 'too_big') return `The maximum is ${issue.maximum}.`;
  return `${issue.message}.`;
}
