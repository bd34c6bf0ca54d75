import { hostname } from 'node:os';

/** Which emulator made something in an engine that many may share. */
export interface Owner {
  readonly host: string;
  /** The data folder, which one emulator alone can hold. */
  readonly data: string;
  readonly pid: number;
  /** Told anew at each start: a process id may come again. */
  readonly instance: string;
}

/** This emulator as an owner. */
export function thisOwner(data: string, instance: string): Owner {
  return { host: hostname(), data, pid: process.pid, instance };
}

const PREFIX = 'agentcore-workbench.';

/** What is written on all that an emulator makes in an engine. */
export function labelsOf(owner: Owner): Record<string, string> {
  return {
    [`${PREFIX}host`]: owner.host,
    [`${PREFIX}data`]: owner.data,
    [`${PREFIX}pid`]: String(owner.pid),
    [`${PREFIX}instance`]: owner.instance,
  };
}

/** By what the engine finds all that emulators made. */
export const OWNED = `${PREFIX}instance`;

/** The label that says for which runtime something was made. */
export const RUNTIME_LABEL = `${PREFIX}runtime`;

/** Whether something carries the labels of this very emulator. */
export function isOwn(labels: Readonly<Record<string, string>>, owner: Owner): boolean {
  return labels[OWNED] === owner.instance;
}

/**
 * Whether the emulator that made something is gone: whoever else held our data folder is, and so is
 * one whose process has ended. Of other machines that use the same engine nothing is known.
 */
export function isLeftOver(
  labels: Readonly<Record<string, string>>,
  owner: Owner,
  isAlive: (pid: number) => boolean,
): boolean {
  if (labels[`${PREFIX}host`] !== owner.host || isOwn(labels, owner)) return false;
  return labels[`${PREFIX}data`] === owner.data || !isAlive(Number(labels[`${PREFIX}pid`]));
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
