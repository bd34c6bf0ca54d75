import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { expect } from 'vitest';
import type { AgentSummary } from '../../src/shared/emulator.ts';
import type { SessionSummary } from '../../src/shared/session.ts';
import { useFolder } from '../support/agents.ts';
import { useCommand } from '../support/command.ts';
import { engine } from '../support/containers.ts';
import { readMemory } from '../support/inspector.ts';
import { isAlive } from '../support/processes.ts';
import { useSoakProject } from './agents.ts';
import { createVisitors, inVain, ways } from './visits.ts';

/** For what comes a moment later, on a busy machine. */
export const patient = { timeout: 60_000, interval: 100 };

/** One emulator with the soak's agents, what is done to it, and what can be seen of it from outside. */
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
      // No connection is kept that would count as the emulator's.
      headers: { connection: 'close', 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  }
  const { agents } = await admin<{ agents: AgentSummary[] }>('agents');
  const named = (name: string) => agents.find((found) => found.name === name)!;
  const sessions = async () => (await admin<{ sessions: SessionSummary[] }>('sessions')).sessions;

  /** Visits by a few callers at once, and then time passes until every session has ended. */
  async function round(processSessions: number, containerSessions: number): Promise<void> {
    const visitors = createVisitors(url);
    const watching = new AbortController();
    const events = await fetch(`${url}/_emulator/events`, { signal: watching.signal });
    await Promise.all([
      visitors.visit(named('Process'), ways, processSessions),
      visitors.visit(named('Broken'), [inVain], processSessions / 8),
      visitors.visit(named('Container'), ways, containerSessions),
    ]);
    visitors.leave();
    // A listener that never read a line.
    watching.abort();
    await events.body?.cancel().catch(() => {});
    await end();
    expect([...visitors.processes].filter(isAlive)).toEqual([]);
    expect(await agent.containers()).toEqual([]);
  }

  // First for as long as the idle live, then for as long as any session does.
  async function end(): Promise<void> {
    const living = async () =>
      (await sessions()).filter(({ state }) => state !== 'terminated').map(({ state }) => state);
    // Whose caller went away at once may still be starting, or answering.
    await expect.poll(living, patient).not.toContain('starting');
    await admin('clock', { advanceSeconds: 900 });
    await admin('clock', { advanceSeconds: 28_800 });
    await expect.poll(living, patient).toEqual([]);
  }

  /** The data folders of emulators; beside them Node keeps what it compiled. */
  const dataFolders = async () =>
    (await readdir(temporary)).filter((name) => name.startsWith('agentcore-'));

  /** The folders of sessions that are still there, and those for their agents' use in them. */
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
    engine().listNetworks({ filters: { label: [`agentcore-workbench.pid=${pid}`] } });

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
