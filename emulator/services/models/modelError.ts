/** Error kinds of all protocols. Each protocol has its own name and status for them. */
export type ModelErrorKind =
  | 'invalid'
  | 'authentication'
  | 'accessDenied'
  | 'notFound'
  | 'tooLarge'
  | 'throttled'
  | 'timeout'
  | 'unavailable'
  | 'modelError'
  | 'notEmulated';

/** The error of a model call that failed before or during its reply. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly kind: ModelErrorKind;
  /** Seconds after which a retry may succeed. */
  readonly retryAfter: number | undefined;
  /** The path of the request's field that is invalid, such as `messages.0.content`. */
  readonly field: string | undefined;

  constructor(kind: ModelErrorKind, message: string, retryAfter?: number, field?: string) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.field = field;
  }
}

/** Returns an error as a ModelError. Any other error is a failure of the emulator. */
export function toModelError(error: unknown): ModelError {
  return error instanceof ModelError
    ? error
    : new ModelError('modelError', `The emulator failed: ${(error as Error).message}`);
}
