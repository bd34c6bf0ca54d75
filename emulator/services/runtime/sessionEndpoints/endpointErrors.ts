import type { ServerResponse } from 'node:http';
import { failed, WireError } from '../../../wire/errors.ts';

/** The server in the session's machine cannot be reached, or broke off. */
export class ServerUnreachable extends Error {}

/** The codes of session endpoints by status. Other errors keep their names. */
const CODES: Readonly<Record<number, string>> = {
  401: 'AuthenticationRequired',
  403: 'AccessDenied',
  404: 'ResourceNotFound',
};

/**
 * Writes an error of a session endpoint. As in AWS, a header has the code and the body is empty, so
 * that it is not taken for the server's own response. A second header explains it to the developer.
 */
export function writeEndpointError(response: ServerResponse, error: unknown): number {
  const { status, code, message, headers } = describe(error);
  if (response.headersSent) {
    response.destroy();
    return status;
  }
  response.writeHead(status, {
    ...headers,
    'x-amzn-errortype': code,
    'x-agentcore-emulator-message': message.replaceAll(/[^ -~]+/g, ' ').slice(0, 2_000),
    'content-length': 0,
  });
  response.end();
  return status;
}

function describe(error: unknown) {
  if (error instanceof ServerUnreachable) {
    return { status: 502, code: 'BadGateway', message: error.message, headers: {} };
  }
  const { status, name, message, headers } =
    error instanceof WireError ? error : failed(error as Error);
  return { status, code: CODES[status] ?? name, message, headers };
}
