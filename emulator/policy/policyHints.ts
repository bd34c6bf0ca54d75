import type { PolicyCaller } from './callers.ts';
import { GLOBAL_KEYS } from './requestContext.ts';
import { policyVariables, type Statement } from './document.ts';
import { coversAction, type NamedPolicy } from './decision.ts';

/** The condition keys that each operation has, by their names without the service's prefix. */
export type ActionKeys = Readonly<Record<string, readonly string[]>>;

const PREFIX = 'bedrock-agentcore:';
const TAG = /^aws:PrincipalTag\//i;

/** What of a caller's policies cannot mean what its author meant, in words: said at start. */
export function findPolicyHints(caller: PolicyCaller, keys: ActionKeys): string[] {
  const { policies } = caller;
  return [
    uselessPolicies(policies, keys),
    policies.flatMap(idleVariables),
    policies.flatMap((policy) => missingTags(policy, caller)),
    policies.flatMap(({ name, statements }) =>
      statements.flatMap((statement) =>
        [...idleActions(statement, keys), ...unknownKeys(statement, keys)].map(
          (hint) => `${statement.name} of ${name} ${hint}`,
        ),
      ),
    ),
  ].flat();
}

function uselessPolicies(policies: readonly NamedPolicy[], keys: ActionKeys): string[] {
  const allowing = policies
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow');
  const actions = Object.keys(keys).map((action) => `${PREFIX}${action}`);
  if (allowing.some((statement) => actions.some((action) => coversAction(statement, action)))) {
    return [];
  }
  const named = allowing.flatMap((statement) =>
    statement.actions.patterns.map(({ source }) => source),
  );
  return [
    `it may not use any memory: its policies allow ${named.join(', ') || 'nothing'}, and Memory's actions are ${actions.join(', ')}`,
  ];
}

/** What sounds like Memory; all else may be another part of the service. */
const MEMORY_LIKE = /memor|record|event|actor|extraction|ingest/i;

/** Actions of a statement that no operation has, though they sound so: a slip of the pen in a Deny opens a door. */
function idleActions({ effect, actions }: Statement, keys: ActionKeys): string[] {
  return actions.patterns.flatMap((pattern) => {
    const { source } = pattern;
    const isMeant = source.startsWith(PREFIX)
      ? MEMORY_LIKE.test(source.slice(PREFIX.length))
      : namesOne(source, keys);
    const only = { actions: { patterns: [pattern], isNegated: false } };
    const names = [...Object.keys(keys), ...CONTROL];
    if (!isMeant || names.some((name) => coversAction(only, `${PREFIX}${name}`))) return [];
    const meaning = actions.isNegated ? 'excepts' : effect === 'Deny' ? 'denies' : 'allows';
    return [
      `${meaning} nothing by ${source}: no action is named so; Memory's are ${names.map((name) => `${PREFIX}${name}`).join(', ')}`,
    ];
  });
}

/** Whether an action has the name of one of Memory's, with the prefix of something else or none. */
function namesOne(source: string, keys: ActionKeys): boolean {
  const name = source.slice(source.indexOf(':') + 1);
  return Object.keys(keys).some((action) => action.toLowerCase() === name);
}

/** Memory's other actions, which no policy decides about here. */
const CONTROL = ['CreateMemory', 'GetMemory', 'ListMemories', 'UpdateMemory', 'DeleteMemory'];

function idleVariables({ name, hasVariables, statements }: NamedPolicy): string[] {
  const texts = statements.flatMap(({ resources, conditions }) =>
    [resources.patterns, ...conditions.map(({ values }) => values)].flat(),
  );
  const idle = hasVariables ? undefined : texts.find(({ source }) => source.includes('${'));
  if (!idle) return [];
  return [
    `${name} has no "Version": "2012-10-17", without which ${idle.source} is a text and no variable`,
  ];
}

function missingTags(policy: NamedPolicy, { tags }: PolicyCaller): string[] {
  const present = new Set(Object.keys(tags).map((tag) => tag.toLowerCase()));
  const missing = policyVariables(policy).filter(
    (name) => TAG.test(name) && !present.has(name.replace(TAG, '').toLowerCase()),
  );
  return [...new Set(missing)].map(
    (name) => `${policy.name} has \${${name}}, and the caller has no such tag: nothing is like it`,
  );
}

function unknownKeys(statement: Statement, keys: ActionKeys): string[] {
  const covered = Object.keys(keys).filter((action) =>
    coversAction(statement, `${PREFIX}${action}`),
  );
  if (covered.length === 0) return [];
  const scopes = new Set(Object.values(keys).flat());
  return statement.conditions.flatMap(({ key, ifAbsent }) => {
    if (!key.startsWith(PREFIX)) {
      return GLOBAL_KEYS.test(key)
        ? []
        : [`has the condition key ${key}, which is not known here: no request has it`];
    }
    const scope = key.slice(PREFIX.length);
    if (scope.startsWith('namespaceVariable/')) return [];
    if (!scopes.has(scope)) {
      return [
        `has the condition key ${key}, which requests to Memory do not have; there are ${[...scopes].join(', ')}`,
      ];
    }
    const without = covered.filter((action) => !keys[action]!.includes(scope));
    if (without.length === 0 || ifAbsent || statement.effect === 'Deny') return [];
    return [
      `does not allow ${without.join(', ')}: ${key} is not in such requests; ${without.map((action) => `${action} has ${keys[action]!.join(', ') || 'none'}`).join('; ')}`,
    ];
  });
}
