import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { expect } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { connectEngine } from '../support/containers.ts';
import { readMemory } from '../support/inspector.ts';
import { isAlive } from '../support/processes.ts';
import { useSoakProject } from './agents.ts';
import { createVisitors, failToStart, behaviors } from './visits.ts';

/** Polling options for a busy machine. */
export const slowPolling = { timeout: 60_000, interval: 100 };

/** Starts one emulator with the soak's agents, and provides its load and measurements. */
export async function useSoakedEmulator() {
  const agent = await useSoakProject();
  const temporary = await useFolder();
  const args = [agent.source.root, '--port', '0', '--ephemeral'];
  const emulator = useCommand(
    args,
    { TMPDIR: temporary },
    { nodeOptions: ['--inspect=127.0.0.1:0'] },
  );
  const { url, pid } = await emulator.ready();
  async function admin<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${url}/_emulator/${path}`, {
      // A pooled connection would count as one of the emulator's.
      headers: { connection: 'close', 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  }
  const { agents } = await admin<{ agents: AgentSummary[] }>('agents');
  const findAgent = (name: string) => agents.find((found) => found.name === name)!;
  const sessions = async () => (await admin<{ sessions: SessionSummary[] }>('sessions')).sessions;

  /** Runs visits by concurrent callers, then advances time until every session has ended. */
  async function round(processSessions: number, containerSessions: number): Promise<void> {
    const visitors = createVisitors(url);
    const watching = new AbortController();
    const events = await fetch(`${url}/_emulator/events`, { signal: watching.signal });
    await Promise.all([
      visitors.visit(findAgent('Process'), behaviors, processSessions),
      visitors.visit(findAgent('Broken'), [failToStart], processSessions / 8),
      visitors.visit(findAgent('Container'), behaviors, containerSessions),
    ]);
    visitors.leave();
    // A listener that never reads.
    watching.abort();
    await events.body?.cancel().catch(() => {});
    await end();
    expect([...visitors.processes].filter(isAlive)).toEqual([]);
    expect(await agent.containers()).toEqual([]);
  }

  // Advances by the idle timeout, then by the maximum lifetime.
  async function end(): Promise<void> {
    const activeStates = async () =>
      (await sessions()).filter(({ state }) => state !== 'terminated').map(({ state }) => state);
    // Sessions whose callers disconnected may still be starting.
    await expect.poll(activeStates, slowPolling).not.toContain('starting');
    await admin('clock', { advanceSeconds: 900 });
    await admin('clock', { advanceSeconds: 28_800 });
    await expect.poll(activeStates, slowPolling).toEqual([]);
  }

  /** The emulators' data folders. Node's compile cache is beside them. */
  const dataFolders = async () =>
    (await readdir(temporary)).filter((name) => name.startsWith('agentcore-'));

  /** Counts the remaining folders of sessions, and the machine folders in them. */
  async function folders() {
    const [data] = await dataFolders();
    const root = join(temporary, data!, 'instances');
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const found = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep));
    return {
      ofSessions: found.filter(({ length }) => length === 2).length,
      ofMachines: found.filter(({ length }) => length > 2).length,
    };
  }

  const networks = () =>
    connectEngine().listNetworks({ filters: { label: [`agentcore-workbench.pid=${pid}`] } });

  const { containers } = agent;
  return {
    ...emulator,
    pid,
    memory: () => readMemory(emulator.stderr()),
    sessions,
    round,
    folders,
    dataFolders,
    containers,
    networks,
  };
}
