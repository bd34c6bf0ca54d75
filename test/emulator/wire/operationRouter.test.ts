import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operations, type Operation } from '../../../emulator/wire/operations.ts';
import { createOperationRouter } from '../../../emulator/wire/operationRouter.ts';

const router = createOperationRouter(operations.values());
const all = [...operations.values()];
const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'HEAD', ''];
const segments = new Set(
  all.flatMap(({ template }) => template.split('/').filter((segment) => !segment.startsWith('{'))),
);
segments.delete('');

const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.string({ unit: fc.constantFrom(...Array.from('/ #:?&%+.{}é漢😀')), minLength: 1 }),
  fc.constant('arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/agent-0123456789'),
  fc.constantFrom('.', '..', '__proto__', 'constructor'),
);
const literal = fc.constantFrom(...segments);

function fill(template: string, label: (name: string) => string): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(label(name)));
}

function labelNames({ template }: Operation): string[] {
  return Array.from(template.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
}

function labelsOf(operation: Operation, label: fc.Arbitrary<string>) {
  return fc.record(Object.fromEntries(labelNames(operation).map((name) => [name, label])));
}

test.for(all)('$method $template finds $name for any labels.', (operation) => {
  const labels = labelsOf(
    operation,
    anyText.filter((text) => !segments.has(text)),
  );
  fc.assert(
    fc.property(labels, (labels) => {
      const path = fill(operation.template, (name) => labels[name]!);
      expect(router.match(operation.method, path)).toEqual({ operation, labels });
    }),
    { numRuns: 50 },
  );
});

test('A label that looks like another path finds its own operation.', () => {
  const calls = fc
    .constantFrom(...all)
    .chain((operation) =>
      fc.record({ operation: fc.constant(operation), labels: labelsOf(operation, literal) }),
    );
  fc.assert(
    fc.property(calls, ({ operation, labels }) => {
      const path = fill(operation.template, (name) => labels[name]!);
      const found = router.match(operation.method, path);
      expect(found).toBeDefined();
      expect(found!.operation.method).toBe(operation.method);
      expect(fill(found!.operation.template, (name) => found!.labels[name]!)).toBe(path);
      expect(router.methods(path)).toContain(operation.method);
    }),
    { numRuns: 5000 },
  );
});

test('An unknown path matches no operation, and known paths list their methods.', () => {
  expect(router.match('GET', '/runtimes/agent')).toBeUndefined();
  expect(router.match('GET', '/runtimes/agent/')?.operation.name).toBe('GetAgentRuntime');
  expect(router.match('GET', '/runtimes//')).toBeUndefined();
  expect(router.match('get', '/runtimes/agent/')).toBeUndefined();
  expect(router.methods('/runtimes/agent/').toSorted()).toEqual(['DELETE', 'GET', 'PUT']);
  expect(router.methods('/runtimes/agent')).toEqual([]);
});

test('An encoded slash does not split a label, and a plain one does.', () => {
  const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/agent';
  expect(router.match('POST', `/runtimes/${encodeURIComponent(arn)}/invocations`)).toMatchObject({
    operation: { name: 'InvokeAgentRuntime' },
    labels: { agentRuntimeArn: arn },
  });
  expect(router.match('POST', `/runtimes/${arn}/invocations`)).toBeUndefined();
});

test('Only an invalid label encoding throws, and the error is a URIError.', () => {
  const segment = fc.oneof(
    literal,
    anyText.map(encodeURIComponent),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '%', '%4', '%zz', '%ff', '%E6%BC'),
  );
  const path = fc.oneof(
    fc.array(segment, { maxLength: 12 }).map((segments) => `/${segments.join('/')}`),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...METHODS), path, (method, path) => {
      router.methods(path);
      try {
        router.match(method, path);
      } catch (error) {
        expect(error).toBeInstanceOf(URIError);
        expect(() => path.split('/').map(decodeURIComponent)).toThrow(URIError);
      }
    }),
    { numRuns: 5000 },
  );
});
