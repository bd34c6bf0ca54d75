import { describeField, type FieldProblem } from './fieldProblem.ts';
import type { JsonPath } from './jsonText.ts';
import type { ProjectFile } from './projectFile.ts';

/** A name in one section that must be an entry of another. */
interface Reference {
  readonly path: JsonPath;
  readonly name: string | undefined;
  readonly section: 'runtimes' | 'evaluators' | 'policyEngines' | 'credentials';
}

/** AWS's own evaluators, and those of other projects. */
const ELSEWHERE = /^(?:Builtin\.|arn:)/;

/** Finds names that no entry of the file has, which a deployment would refuse. */
export function findBrokenReferences(file: ProjectFile): FieldProblem[] {
  return [...listGatewayReferences(file), ...listEvaluationReferences(file)].flatMap(
    ({ path, name, section }) => {
      const names = file[section].map((entry) => entry.name);
      if (name === undefined || ELSEWHERE.test(name) || names.includes(name)) return [];
      const known = names.length === 0 ? 'which is empty' : `which has ${names.join(', ')}`;
      return describeField(file, path, `is not in ${section}, ${known}. Add it there.`);
    },
  );
}

function listGatewayReferences({ agentCoreGateways }: ProjectFile): Reference[] {
  return agentCoreGateways.flatMap(({ policyEngineConfiguration, targets }, index) => {
    const path = ['agentCoreGateways', index];
    return [
      {
        path: [...path, 'policyEngineConfiguration', 'policyEngineName'],
        name: policyEngineConfiguration?.policyEngineName,
        section: 'policyEngines' as const,
      },
      ...targets.flatMap(({ httpRuntime, outboundAuth }, target): Reference[] => [
        {
          path: [...path, 'targets', target, 'httpRuntime', 'runtime'],
          name: httpRuntime?.runtime,
          section: 'runtimes',
        },
        {
          path: [...path, 'targets', target, 'outboundAuth', 'credentialName'],
          name: outboundAuth?.credentialName,
          section: 'credentials',
        },
      ]),
    ];
  });
}

function listEvaluationReferences({ onlineEvalConfigs }: ProjectFile): Reference[] {
  return onlineEvalConfigs.flatMap(({ agent, evaluators = [] }, index): Reference[] => [
    { path: ['onlineEvalConfigs', index, 'agent'], name: agent, section: 'runtimes' },
    ...evaluators.map((name, entry): Reference => ({
      path: ['onlineEvalConfigs', index, 'evaluators', entry],
      name,
      section: 'evaluators',
    })),
  ]);
}
