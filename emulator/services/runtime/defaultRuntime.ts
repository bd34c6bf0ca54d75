import type { RequestLine } from '../../http/route.ts';
import { OptionError } from '../../optionError.ts';
import type { EmulatorOptions } from '../../options.ts';
import type { ProjectAgentSource } from '../../agentSource.ts';
import type { Agents } from './agents.ts';
import { projectRuntimeId } from './deployment/names.ts';

/** The runtime for requests that name none, as curl and the SDK's dev server send them. */
export interface DefaultRuntime {
  /** The runtime's id; undefined while there is no runtime. */
  id(): string | undefined;
  /** Adds the runtime to the path of `/invocations` and `/ws`; returns other requests unchanged. */
  rewriteRequest(line: RequestLine): RequestLine;
}

/** Selects the project's agent with the given name, else its first agent, else the first deployed one. */
export function createDefaultRuntime(
  { agents: sources, defaultAgent: name }: Pick<EmulatorOptions, 'agents' | 'defaultAgent'>,
  agents: Pick<Agents, 'summaries'>,
): DefaultRuntime {
  const source = findSource(sources, name);
  const projectId = source && projectRuntimeId(source);
  const id = () => projectId ?? agents.summaries(() => 0)[0]?.runtimeId;
  return {
    id,
    rewriteRequest(line) {
      if (!/^\/(?:invocations|ws)(?:[/?]|$)/.test(line.path)) return line;
      const runtimeId = id();
      return runtimeId === undefined
        ? line
        : { ...line, path: `/runtimes/${runtimeId}${line.path}` };
    },
  };
}

function findSource(
  sources: readonly ProjectAgentSource[],
  name: string | undefined,
): ProjectAgentSource | undefined {
  if (name === undefined) return sources[0];
  const source = sources.find((each) => each.name === name);
  if (source) return source;
  const known = sources.map((each) => each.name).join(', ') || 'none';
  throw new OptionError(
    'defaultAgent',
    `the agent '${name}' does not exist. Agents of the project: ${known}`,
  );
}
