import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodePreload = fileURLToPath(new URL('./preload/node.cjs', import.meta.url));
/** Python runs the sitecustomize in it first. */
const pythonFolder = fileURLToPath(new URL('./preload/python', import.meta.url));

/** Runs a Python program with OpenTelemetry around it, as opentelemetry-instrument does. */
export const instrument = fileURLToPath(new URL('./preload/instrument.py', import.meta.url));

/**
 * Variables that load our part into every process of a session, whatever its language and whoever
 * starts it: in AWS the agent and its children share one machine and its ports.
 */
export function preloadVariables(
  own: Readonly<Record<string, string>>,
  contractPort: number,
  portFile: string,
): Record<string, string> {
  const { NODE_OPTIONS = '', PYTHONPATH } = own;
  return {
    NODE_OPTIONS: `${NODE_OPTIONS} --require ${JSON.stringify(nodePreload)}`.trim(),
    PYTHONPATH: PYTHONPATH ? pythonFolder + delimiter + PYTHONPATH : pythonFolder,
    AGENTCORE_EMULATOR_CONTRACT_PORT: String(contractPort),
    AGENTCORE_EMULATOR_PORT_FILE: portFile,
  };
}
