import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentCode } from '../compute.ts';

const nodePreload = fileURLToPath(new URL('./preload/node.cjs', import.meta.url));
/** Contains sitecustomize.py, which Python runs at startup. */
const pythonFolder = fileURLToPath(new URL('./preload/python', import.meta.url));

/** Script that runs a Python program with OpenTelemetry, like opentelemetry-instrument. */
export const instrument = fileURLToPath(new URL('./preload/instrument.py', import.meta.url));

/** Files of a machine that the preload scripts write, and the folder of its code. */
export interface PreloadFiles {
  readonly portFile: string;
  /** Null if the program's load is not recorded. */
  readonly loadReport: string | null;
  readonly codeFolder: string;
}

/**
 * Returns variables that load the preload scripts into every Node and Python process of a session. In
 * AWS, the agent and its child processes share one machine and its ports.
 */
export function preloadVariables(
  own: Readonly<Record<string, string>>,
  { contractPort, allowedPorts = [] }: Pick<AgentCode, 'contractPort' | 'allowedPorts'>,
  { portFile, loadReport, codeFolder }: PreloadFiles,
): Record<string, string> {
  const { NODE_OPTIONS = '', PYTHONPATH } = own;
  return {
    NODE_OPTIONS: `${NODE_OPTIONS} --require ${JSON.stringify(nodePreload)}`.trim(),
    PYTHONPATH: PYTHONPATH ? pythonFolder + delimiter + PYTHONPATH : pythonFolder,
    AGENTCORE_EMULATOR_CONTRACT_PORT: String(contractPort),
    AGENTCORE_EMULATOR_ALLOWED_PORTS: allowedPorts.map(({ from, to }) => `${from}-${to}`).join(),
    AGENTCORE_EMULATOR_PORT_FILE: portFile,
    ...(loadReport !== null && {
      AGENTCORE_EMULATOR_LOAD_REPORT: loadReport,
      AGENTCORE_EMULATOR_CODE_FOLDER: codeFolder,
    }),
  };
}

/** Returns the file with the real port of an allowed port. The preload scripts write it. */
export function allowedPortFile(portFile: string, port: number): string {
  return `${portFile}.${port}`;
}
