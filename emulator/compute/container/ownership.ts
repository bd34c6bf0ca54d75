import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which emulator made something in an engine that many may share. */
export interface ResourceOwner {
  readonly host: string;
  /** The data folder, which one emulator alone can hold. */
  readonly data: string;
  /** Among which processes its id means anything: several systems may share a name and an engine. */
  readonly processes: string;
  readonly pid: number;
  /** Told anew at each start: a process id may come again. */
  readonly instance: string;
}

/** This emulator as an owner. */
export function currentOwner(dataFolder: string, instance: string): ResourceOwner {
  // By its path alone it could be the one in another container or distribution.
  const { ino, birthtimeMs } = statSync(dataFolder);
  return {
    host: `${process.platform} ${hostname()}`,
    data: `${dataFolder} ${ino} ${birthtimeMs}`,
    processes: processSpace(),
    pid: process.pid,
    instance,
  };
}

// Linux has many such spaces in one run of a machine, and numbers them anew with the next. Elsewhere
// a machine has one.
function processSpace(): string {
  try {
    const run = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${run} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'all';
  }
}

const PREFIX = 'agentcore-workbench.';

/** What is written on all that an emulator makes in an engine. */
export function ownerLabels(owner: ResourceOwner): Record<string, string> {
  return {
    ...dataFolderLabels(owner),
    [`${PREFIX}processes`]: owner.processes,
    [`${PREFIX}pid`]: String(owner.pid),
    [`${PREFIX}instance`]: owner.instance,
  };
}

/** What is written on that which belongs to a data folder, whoever holds it, and not to one emulator. */
export function dataFolderLabels({ host, data }: ResourceOwner): Record<string, string> {
  return { [`${PREFIX}host`]: host, [`${PREFIX}data`]: data };
}

/** By what the engine finds all that emulators made for themselves. */
export const OWNED_FILTER = `${PREFIX}instance`;

/** The label that says for which runtime something was made. */
export const RUNTIME_LABEL = `${PREFIX}runtime`;

/** The label that says to which session storage something belongs. */
export const STORAGE_LABEL = `${PREFIX}storage`;

/** Whether something carries the labels of this very emulator. */
export function isOwnedBy(labels: Readonly<Record<string, string>>, owner: ResourceOwner): boolean {
  return labels[OWNED_FILTER] === owner.instance;
}

/**
 * Whether the emulator that made something is gone: whoever else held our data folder is, and so is
 * one whose process has ended, where we could see it. Of others that use the engine nothing is known.
 */
export function isAbandoned(
  labels: Readonly<Record<string, string>>,
  owner: ResourceOwner,
  isAlive: (pid: number) => boolean,
): boolean {
  if (labels[`${PREFIX}host`] !== owner.host || isOwnedBy(labels, owner)) return false;
  if (labels[`${PREFIX}data`] === owner.data) return true;
  if (labels[`${PREFIX}processes`] !== owner.processes) return false;
  return !isAlive(Number(labels[`${PREFIX}pid`]));
}

/** Whether something belongs to our data folder, whoever holds it. */
export function belongsToDataFolder(
  labels: Readonly<Record<string, string>>,
  owner: ResourceOwner,
): boolean {
  return Object.entries(dataFolderLabels(owner)).every(([name, value]) => labels[name] === value);
}

/** Whether a process of this machine runs. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
