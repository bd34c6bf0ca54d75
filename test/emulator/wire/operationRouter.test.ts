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

test.for(all)('$method $template finds $name whatever its labels are', (operation) => {
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

test('a label that reads like another path never leads nowhere, nor to another path', () => {
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

test('a path that fits no template is no operation, and fitting ones tell their methods', () => {
  expect(router.match('GET', '/runtimes/agent')).toBeUndefined();
  expect(router.match('GET', '/runtimes/agent/')?.operation.name).toBe('GetAgentRuntime');
  expect(router.match('GET', '/runtimes//')).toBeUndefined();
  expect(router.match('get', '/runtimes/agent/')).toBeUndefined();
  expect(router.methods('/runtimes/agent/').toSorted()).toEqual(['DELETE', 'GET', 'PUT']);
  expect(router.methods('/runtimes/agent')).toEqual([]);
});

test('an encoded slash does not part a label, and a plain one does', () => {
  const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/agent';
  expect(router.match('POST', `/runtimes/${encodeURIComponent(arn)}/invocations`)).toMatchObject({
    operation: { name: 'InvokeAgentRuntime' },
    labels: { agentRuntimeArn: arn },
  });
  expect(router.match('POST', `/runtimes/${arn}/invocations`)).toBeUndefined();
});

test('whatever is asked for, nothing is thrown but a URIError for a label badly encoded', () => {
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
