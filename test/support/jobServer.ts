import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, TestRunner } from 'vitest';
import { useEngine } from './engine.ts';

/**
 * What background work works for, outside the machines of all sessions: it asks for `/job/NAME`, which is
 * held until the test finishes that job, and reports `/done/NAME`.
 */
export interface JobServer {
  readonly url: string;
  /** Resolves when the work has begun. */
  begun(job: string): Promise<void>;
  finish(job: string): void;
  /** Resolves when who worked was cut off in the middle. */
  cutOff(job: string): Promise<void>;
  /** The jobs that were reported done, in order. */
  readonly done: readonly string[];
}

interface Job {
  readonly begun: PromiseWithResolvers<ServerResponse>;
  readonly cutOff: PromiseWithResolvers<void>;
}

/** A world that this machine's processes reach; it ends with the test. */
export function useJobServer(): Promise<JobServer> {
  return useWorldAt('127.0.0.1');
}

/** One that containers reach. The test is skipped where the engine's bridge is on another machine. */
export async function useContainerJobServer(): Promise<JobServer> {
  const address = await useEngine().gateway();
  return useWorldAt(address).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRNOTAVAIL') throw error;
    return TestRunner.getCurrentTest()!.context.skip(
      'the engine runs in a machine of its own, and so does its bridge',
    );
  });
}

async function useWorldAt(address: string): Promise<JobServer> {
  const jobs = new Map<string, Job>();
  const done: string[] = [];

  function job(name: string): Job {
    const known = jobs.get(name) ?? {
      begun: Promise.withResolvers(),
      cutOff: Promise.withResolvers(),
    };
    jobs.set(name, known);
    return known;
  }

  const server = createServer((request, response) => {
    const [, call, name = ''] = (request.url ?? '').split('/');
    if (call === 'done') {
      done.push(name);
      response.end();
      return;
    }
    response.once('close', () => {
      if (!response.writableEnded) job(name).cutOff.resolve();
    });
    job(name).begun.resolve(response);
  }).listen(0, address);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}`,
    begun: async (name) => void (await job(name).begun.promise),
    finish: (name) => void job(name).begun.promise.then((response) => response.end()),
    cutOff: (name) => job(name).cutOff.promise,
    done,
  };
}
