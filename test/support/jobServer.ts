import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, TestRunner } from 'vitest';
import { useEngine } from './engine.ts';

/**
 * A server that background work calls from a session's machine. A request for `/job/NAME` stays open until the
 * test finishes the job; a request for `/done/NAME` reports the job as done.
 */
export interface JobServer {
  readonly url: string;
  /** Resolves when the job's request arrives. */
  begun(job: string): Promise<void>;
  finish(job: string): void;
  /** Resolves when the job's request is aborted. */
  cutOff(job: string): Promise<void>;
  /** Jobs that were reported as done, in order. */
  readonly done: readonly string[];
}

interface Job {
  readonly begun: PromiseWithResolvers<ServerResponse>;
  readonly cutOff: PromiseWithResolvers<void>;
}

/** Starts a server for local processes. It ends with the test. */
export function useJobServer(): Promise<JobServer> {
  return startServer('127.0.0.1');
}

/** Starts a server for containers. Skips the test when the engine's bridge is on another machine. */
export async function useContainerJobServer(): Promise<JobServer> {
  const address = await useEngine().gateway();
  return startServer(address).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRNOTAVAIL') throw error;
    return TestRunner.getCurrentTest()!.context.skip(
      'The engine runs on another machine, so containers cannot reach this one.',
    );
  });
}

async function startServer(address: string): Promise<JobServer> {
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
