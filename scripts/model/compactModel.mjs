/**
 * @typedef {{ shape: string, location?: string, locationName?: string, idempotencyToken?: boolean }} Reference
 * @typedef {{ type: string, required?: string[], payload?: string, members?: Record<string, Reference>,
 *   member?: Reference, key?: Reference, value?: Reference, min?: number, max?: number, pattern?: string,
 *   enum?: string[], sensitive?: boolean, union?: boolean, document?: boolean, streaming?: boolean,
 *   eventstream?: boolean, exception?: boolean, timestampFormat?: string,
 *   error?: { httpStatusCode: number } }} BotocoreShape
 * @typedef {{ metadata: { serviceId: string, signingName?: string, endpointPrefix: string },
 *   operations: Record<string, { http: { method: string, requestUri: string, responseCode: number },
 *     input: Reference, output: Reference }>,
 *   shapes: Record<string, BotocoreShape> }} BotocoreModel
 */

/** Locations of members in a request or response, by botocore's names. */
const LOCATIONS = /** @type {Record<string, string>} */ ({
  uri: 'label',
  querystring: 'query',
  header: 'header',
  statusCode: 'status',
});

const TYPES = /** @type {Record<string, string>} */ ({ long: 'integer', double: 'float' });

/**
 * Reduces botocore's model of a service to what a wire needs, in the form of src/shared/awsModel/model.ts.
 * @param {BotocoreModel} model
 */
export function compactModel({ metadata, operations, shapes }) {
  const { serviceId, signingName = metadata.endpointPrefix } = metadata;
  const reachable = findReachable(operations, shapes);
  return {
    service: { serviceId, signingName },
    operations: mapValues(operations, ({ http, input, output }) => ({
      method: http.method,
      template: http.requestUri,
      status: http.responseCode,
      input: input.shape,
      output: output.shape,
    })),
    errors: Object.fromEntries(
      Object.entries(shapes)
        .filter(([, { exception }]) => exception)
        .map(([name, { error }]) => [name, error?.httpStatusCode ?? 500]),
    ),
    shapes: mapValues(
      Object.fromEntries(Object.entries(shapes).filter(([name]) => reachable.has(name))),
      compactShape,
    ),
  };
}

/** @param {BotocoreShape} shape */
function compactShape(shape) {
  const { min, max, pattern, sensitive, required = [] } = shape;
  return withoutUndefined({
    type: findType(shape),
    sensitive,
    min,
    max,
    pattern,
    enum: shape.enum,
    isIso: shape.timestampFormat === 'iso8601' || undefined,
    isStreaming: shape.streaming ?? shape.eventstream,
    isError: shape.exception,
    key: shape.key?.shape,
    each: shape.member?.shape ?? shape.value?.shape,
    members:
      shape.document || !shape.members
        ? undefined
        : mapValues(shape.members, (reference, name) => compactMember(reference, name, shape)),
    required: required.length > 0 ? required : undefined,
  });
}

/** @param {BotocoreShape} shape */
function findType({ type, document, union, eventstream }) {
  if (document) return 'document';
  if (union || eventstream) return 'union';
  return TYPES[type] ?? type;
}

/** Returns the name of a member's shape, with its binding if it is not an ordinary member of a body.
 * @param {Reference} reference @param {string} name @param {BotocoreShape} structure */
function compactMember(reference, name, { payload }) {
  const { shape, location, locationName, idempotencyToken } = reference;
  const binding = withoutUndefined({
    in: payload === name ? 'payload' : location && LOCATIONS[location],
    name: locationName === name ? undefined : locationName,
    isToken: idempotencyToken,
  });
  return Object.keys(binding).length > 0 ? { shape, ...binding } : shape;
}

/** Returns the names of all shapes in the inputs and outputs of operations.
 * @param {BotocoreModel['operations']} operations @param {BotocoreModel['shapes']} shapes */
export function findReachable(operations, shapes) {
  /** @type {Set<string>} */
  const reachable = new Set();
  const queue = Object.values(operations).flatMap(({ input, output }) => [input, output]);
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (reachable.has(next.shape)) continue;
    reachable.add(next.shape);
    const { members = {}, member, key, value } = /** @type {BotocoreShape} */ (shapes[next.shape]);
    for (const reference of [...Object.values(members), member, key, value]) {
      if (reference) queue.push(reference);
    }
  }
  return reachable;
}

/** @template From, To @param {Record<string, From>} record @param {(value: From, key: string) => To} map */
function mapValues(record, map) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

/** @param {object} record */
function withoutUndefined(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
