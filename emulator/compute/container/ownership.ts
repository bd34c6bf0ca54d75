import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies the emulator that created a resource in a shared engine. */
export interface ResourceOwner {
  readonly host: string;
  /** The data folder, which only one emulator can use at a time. */
  readonly data: string;
  /** The PID namespace in which `pid` is valid. Several systems may share a host name and an engine. */
  readonly processes: string;
  readonly pid: number;
  /** Unique for each start, because process IDs are reused. */
  readonly instance: string;
}

/** Returns this emulator as an owner. */
export function currentOwner(dataFolder: string, instance: string): ResourceOwner {
  // The path alone could name a folder in another container or distribution.
  const { ino, birthtimeMs } = statSync(dataFolder);
  return {
    host: `${process.platform} ${hostname()}`,
    data: `${dataFolder} ${ino} ${birthtimeMs}`,
    processes: pidNamespace(),
    pid: process.pid,
    instance,
  };
}

// Linux can have many PID namespaces, with new numbers after each boot. Other systems have one.
function pidNamespace(): string {
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${bootId} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'all';
  }
}

const PREFIX = 'agentcore-workbench.';

/** Labels of all resources that an emulator creates in an engine. */
export function ownerLabels(owner: ResourceOwner): Record<string, string> {
  return {
    ...dataFolderLabels(owner),
    [`${PREFIX}processes`]: owner.processes,
    [`${PREFIX}pid`]: String(owner.pid),
    [`${PREFIX}instance`]: owner.instance,
  };
}

/** Labels of resources that belong to a data folder, independent of the emulator that uses it. */
export function dataFolderLabels({ host, data }: ResourceOwner): Record<string, string> {
  return { [`${PREFIX}host`]: host, [`${PREFIX}data`]: data };
}

/** The label that the engine filters emulators' own resources by. */
export const OWNED_FILTER = `${PREFIX}instance`;

/** The label with the runtime's ID. */
export const RUNTIME_LABEL = `${PREFIX}runtime`;

/** The label with the session storage's ID. */
export const STORAGE_LABEL = `${PREFIX}storage`;

/** True if this emulator instance created the resource. */
export function isOwnedBy(labels: Readonly<Record<string, string>>, owner: ResourceOwner): boolean {
  return labels[OWNED_FILTER] === owner.instance;
}

/**
 * True if the emulator that created a resource has ended: it used our data folder before us, or its
 * process has ended in our PID namespace. Other owners count as running.
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

/** True if a resource belongs to the owner's data folder. */
export function belongsToDataFolder(
  labels: Readonly<Record<string, string>>,
  owner: ResourceOwner,
): boolean {
  return Object.entries(dataFolderLabels(owner)).every(([name, value]) => labels[name] === value);
}

/** True if the process runs on this machine. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
