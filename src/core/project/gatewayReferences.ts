import type { JsonPath } from './jsonText.ts';
import type { ProjectFile } from './projectFile.ts';
import { referTo, type Reference } from './reference.ts';

type GatewayTarget = ProjectFile['agentCoreGateways'][number]['targets'][number];

/** Lists the names that gateways and their targets refer to. */
export function listGatewayReferences(file: ProjectFile): Reference[] {
  const policyEngine = referTo('policyEngines', file.policyEngines);
  const credential = referTo('credentials', file.credentials);
  return file.agentCoreGateways.flatMap(({ policyEngineConfiguration, targets }, index) => {
    const path = ['agentCoreGateways', index];
    return [
      policyEngine(
        [...path, 'policyEngineConfiguration', 'policyEngineName'],
        policyEngineConfiguration?.policyEngineName,
      ),
      ...targets.flatMap((target, position) => {
        const at = [...path, 'targets', position];
        return [
          credential(
            [...at, 'outboundAuth', 'credentialName'],
            target.outboundAuth?.credentialName,
          ),
          ...listRuntimeReferences(file, target, [...at, 'httpRuntime']),
          ...listKnowledgeBaseReferences(file, target, [...at, 'configurations']),
        ];
      }),
    ];
  });
}

function listRuntimeReferences(
  { runtimes }: ProjectFile,
  { httpRuntime }: GatewayTarget,
  path: JsonPath,
): Reference[] {
  const runtime = runtimes.find(({ name }) => name === httpRuntime?.runtime);
  return [
    referTo('runtimes', runtimes)([...path, 'runtime'], httpRuntime?.runtime),
    {
      path: [...path, 'runtimeEndpoint'],
      // An unknown runtime is reported once.
      name: runtime && httpRuntime?.runtimeEndpoint,
      names: ['DEFAULT', ...Object.keys(runtime?.endpoints ?? {})],
      list: `the endpoints of ${runtime?.name}`,
    },
  ];
}

/** IDs of knowledge bases outside the project. */
const KNOWLEDGE_BASE_ID = /^[A-Z0-9]{10}$/;

/** The parameters of a connector that name a knowledge base are not typed. */
function listKnowledgeBaseReferences(
  { knowledgeBases }: ProjectFile,
  { connectorId, configurations = [] }: GatewayTarget,
  path: JsonPath,
): Reference[] {
  if (connectorId !== 'bedrock-knowledge-bases') return [];
  const refer = referTo('knowledgeBases', knowledgeBases);
  return configurations.flatMap(({ name, parameterValues }, index) => {
    const at = [...path, index, 'parameterValues'];
    const found: (readonly [JsonPath, unknown])[] =
      name === 'Retrieve'
        ? [[[...at, 'knowledgeBaseId'], parameterValues?.['knowledgeBaseId']]]
        : name === 'AgenticRetrieveStream'
          ? findRetrievers(parameterValues?.['retrievers'], [...at, 'retrievers'])
          : [];
    return found.flatMap(([place, id]) =>
      typeof id !== 'string' || KNOWLEDGE_BASE_ID.test(id) ? [] : [refer(place, id)],
    );
  });
}

interface Retriever {
  readonly configuration?: { readonly knowledgeBase?: { readonly knowledgeBaseId?: unknown } };
}

function findRetrievers(retrievers: unknown, path: JsonPath): (readonly [JsonPath, unknown])[] {
  if (!Array.isArray(retrievers)) return [];
  return retrievers.map((retriever: Retriever | null, index) => [
    [...path, index, 'configuration', 'knowledgeBase', 'knowledgeBaseId'],
    retriever?.configuration?.knowledgeBase?.knowledgeBaseId,
  ]);
}
