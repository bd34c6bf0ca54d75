import type { ActionName } from '../wire/operationTypes.ts';
import type { PolicyCaller } from './callers.ts';
import { GLOBAL_KEYS } from './requestContext.ts';
import { policyVariables, type Statement } from './document.ts';
import { coversAction, type NamedPolicy } from './decision.ts';

/** The condition keys of each operation, without the service prefix. */
export type ActionKeys = Readonly<Partial<Record<ActionName, readonly string[]>>>;

const ACTION_PREFIX = 'bedrock-agentcore:';
const PRINCIPAL_TAG = /^aws:PrincipalTag\//i;

/** Describes the parts of a caller's policies that can have no effect. The emulator logs them at startup. */
export function findPolicyHints(caller: PolicyCaller, keys: ActionKeys): string[] {
  const { policies } = caller;
  return [
    findPoliciesWithoutMemory(policies, keys),
    policies.flatMap(findUnsupportedVariables),
    policies.flatMap((policy) => findMissingTags(policy, caller)),
    policies.flatMap(({ name, statements }) =>
      statements.flatMap((statement) =>
        [...findUnknownActions(statement, keys), ...findUnknownKeys(statement, keys)].map(
          (hint) => `${statement.name} of ${name} ${hint}`,
        ),
      ),
    ),
  ].flat();
}

function findPoliciesWithoutMemory(policies: readonly NamedPolicy[], keys: ActionKeys): string[] {
  const allowing = policies
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow');
  const actions = Object.keys(keys).map((action) => `${ACTION_PREFIX}${action}`);
  if (allowing.some((statement) => actions.some((action) => coversAction(statement, action)))) {
    return [];
  }
  const named = allowing.flatMap((statement) =>
    statement.actions.patterns.map(({ source }) => source),
  );
  return [
    `cannot use any memory: its policies allow ${named.join(', ') || 'nothing'}. Memory's actions: ${actions.join(', ')}`,
  ];
}

/** Action names that probably mean Memory. Others may belong to another part of AgentCore. */
const MEMORY_LIKE = /memor|record|event|actor|extraction|ingest/i;

/** Finds actions that look like Memory actions but do not exist. A misspelled action in a Deny denies nothing. */
function findUnknownActions({ effect, actions }: Statement, keys: ActionKeys): string[] {
  return actions.patterns.flatMap((pattern) => {
    const { source } = pattern;
    const looksLikeMemory = source.startsWith(ACTION_PREFIX)
      ? MEMORY_LIKE.test(source.slice(ACTION_PREFIX.length))
      : hasMemoryActionName(source, keys);
    const statement = { actions: { patterns: [pattern], isNegated: false } };
    const names = [...Object.keys(keys), ...CONTROL_ACTIONS];
    if (
      !looksLikeMemory ||
      names.some((name) => coversAction(statement, `${ACTION_PREFIX}${name}`))
    )
      return [];
    const verb = actions.isNegated ? 'excepts' : effect === 'Deny' ? 'denies' : 'allows';
    return [
      `${verb} nothing with ${source}: no such action exists. Memory's actions: ${names.map((name) => `${ACTION_PREFIX}${name}`).join(', ')}`,
    ];
  });
}

/** True when an action has the name of a Memory action but another prefix or none. */
function hasMemoryActionName(source: string, keys: ActionKeys): boolean {
  const name = source.slice(source.indexOf(':') + 1);
  return Object.keys(keys).some((action) => action.toLowerCase() === name);
}

/** Memory's control plane actions, for which the emulator does not enforce identity policies. */
const CONTROL_ACTIONS: readonly ActionName[] = [
  'CreateMemory',
  'GetMemory',
  'ListMemories',
  'UpdateMemory',
  'DeleteMemory',
];

function findUnsupportedVariables({ name, hasVariables, statements }: NamedPolicy): string[] {
  const texts = statements.flatMap(({ resources, conditions }) =>
    [resources.patterns, ...conditions.map(({ values }) => values)].flat(),
  );
  const unsupported = hasVariables ? undefined : texts.find(({ source }) => source.includes('${'));
  if (!unsupported) return [];
  return [
    `${name} has no "Version": "2012-10-17", so ${unsupported.source} is literal text, not a variable`,
  ];
}

function findMissingTags(policy: NamedPolicy, { tags }: PolicyCaller): string[] {
  const present = new Set(Object.keys(tags).map((tag) => tag.toLowerCase()));
  const missing = policyVariables(policy).filter(
    (name) =>
      PRINCIPAL_TAG.test(name) && !present.has(name.replace(PRINCIPAL_TAG, '').toLowerCase()),
  );
  return [...new Set(missing)].map(
    (name) => `${policy.name} uses \${${name}}, but the caller has no such tag, so nothing matches`,
  );
}

function findUnknownKeys(statement: Statement, keys: ActionKeys): string[] {
  const covered = Object.entries(keys).filter(([action]) =>
    coversAction(statement, `${ACTION_PREFIX}${action}`),
  );
  if (covered.length === 0) return [];
  const knownKeys = new Set(Object.values(keys).flat());
  return statement.conditions.flatMap(({ key, matchesWhenAbsent }) => {
    if (!key.startsWith(ACTION_PREFIX)) {
      return GLOBAL_KEYS.test(key)
        ? []
        : [`has the condition key ${key}, which the emulator does not support: no request has it`];
    }
    const name = key.slice(ACTION_PREFIX.length);
    if (name.startsWith('namespaceVariable/')) return [];
    if (!knownKeys.has(name)) {
      return [
        `has the condition key ${key}, which Memory requests do not have. Condition keys: ${[...knownKeys].join(', ')}`,
      ];
    }
    const unmatched = covered.filter(([, known]) => !known.includes(name));
    if (unmatched.length === 0 || matchesWhenAbsent || statement.effect === 'Deny') return [];
    return [
      `does not allow ${unmatched.map(([action]) => action).join(', ')}: these requests do not have ${key}. ${unmatched.map(([action, known]) => `${action} has ${known.join(', ') || 'none'}`).join('; ')}`,
    ];
  });
}
