import { cannotParse } from './errors.ts';
import type { Operation } from './operations.ts';

/** An operation that a request matches, with the decoded labels of its path. */
export interface MatchedOperation {
  readonly operation: Operation;
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds operations by method and raw path. */
export interface OperationRouter {
  /** Throws a URIError if a label is not valid percent-encoding. */
  match(method: string, rawPath: string): MatchedOperation | undefined;
  /** Returns the methods of all operations with this path. */
  methods(rawPath: string): string[];
}

interface Node {
  readonly literals: Map<string, Node>;
  label: Node | null;
  readonly operations: Map<string, { operation: Operation; labelNames: readonly string[] }>;
}

/**
 * Builds a tree of path segments. Segments are split before they are decoded, because an ARN in a
 * label has encoded slashes. A trailing slash is a segment of its own, as in AWS.
 */
export function createOperationRouter(operations: Iterable<Operation>): OperationRouter {
  const root = createNode();
  for (const operation of operations) {
    const labelNames: string[] = [];
    let node = root;
    for (const segment of operation.template.slice(1).split('/')) {
      if (segment.startsWith('{')) {
        labelNames.push(segment.slice(1, -1));
        node = node.label ??= createNode();
      } else {
        let child = node.literals.get(segment);
        if (!child) node.literals.set(segment, (child = createNode()));
        node = child;
      }
    }
    node.operations.set(operation.method, { operation, labelNames });
  }

  // Prefers a literal over a label, and tries the label if the literal does not match.
  function find<T>(
    node: Node,
    segments: readonly string[],
    depth: number,
    labels: string[],
    at: (end: Node, labels: string[]) => T | undefined,
  ): T | undefined {
    const segment = segments[depth];
    if (segment === undefined) return at(node, labels);
    const literal = node.literals.get(segment);
    const found = literal && find(literal, segments, depth + 1, labels, at);
    if (found !== undefined || node.label === null || segment === '') return found;
    return find(node.label, segments, depth + 1, [...labels, segment], at);
  }

  return {
    match(method, rawPath) {
      return find(root, rawPath.slice(1).split('/'), 0, [], (end, rawLabels) => {
        const known = end.operations.get(method);
        if (!known) return undefined;
        const labels: Record<string, string> = {};
        known.labelNames.forEach((name, index) => {
          labels[name] = decodeURIComponent(rawLabels[index]!);
        });
        return { operation: known.operation, labels };
      });
    },
    methods(rawPath) {
      const methods = new Set<string>();
      find(root, rawPath.slice(1).split('/'), 0, [], (end) => {
        for (const method of end.operations.keys()) methods.add(method);
        return undefined;
      });
      return [...methods];
    },
  };
}

/** Decodes a label of a path that is not an operation's. */
export function decodeLabel(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    throw cannotParse(`The path's ${label} is not valid percent-encoding.`);
  }
}

function createNode(): Node {
  return { literals: new Map(), label: null, operations: new Map() };
}
