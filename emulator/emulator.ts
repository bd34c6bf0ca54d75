import type { ClockReading } from '../src/shared/emulator.ts';
import { createActivityEmitter } from './activity.ts';
import { createAdminApi } from './admin/adminApi.ts';
import { createPageRoutes } from './admin/page.ts';
import { createComputes } from './compute/computes.ts';
import { createRequestRouter } from './http/requestRouter.ts';
import { bindServer } from './http/server.ts';
import { createSessionUrls } from './http/sessionUrls.ts';
import type { Logger } from './log.ts';
import type { EmulatorOptions } from './options.ts';
import { ACCOUNT, DEFAULT_REGION } from './awsDefaults.ts';
import { createIdentityPolicies } from './policy/identityPolicies.ts';
import type { CreateService, Service, ServiceContext } from './service.ts';
import * as fold from './serviceFolds.ts';
import { createMemoryService } from './services/memory/memoryService.ts';
import { createModelService } from './services/models/modelService.ts';
import { createRuntimeService } from './services/runtime/runtimeService.ts';
import { createTagService } from './services/tags/tagService.ts';
import { createEphemeralFolder, removeAbandonedFolders } from './storage/ephemeralFolder.ts';
import { isSessionStorage } from './storage/sessionStorageRecords.ts';
import { openClock } from './storage/storedClock.ts';
import { removeFolder } from './storage/removal.ts';
import { openStorage } from './storage/storage.ts';
import { validateOptions } from './validateOptions.ts';
import { createRequireSignature } from './wire/requireSignature.ts';
import { createWire } from './wire/wire.ts';

/** The emulator's services. To add one, add its folder and a line here. Memory uses models. */
const builtInServices: readonly CreateService[] = [
  createRuntimeService,
  createModelService,
  createMemoryService,
  createTagService,
];

/** A running local AgentCore. */
export interface Emulator {
  /** The endpoint for AWS SDKs. */
  readonly url: string;
  readClock(): ClockReading;
  /** Ends all sessions, closes the port and releases all resources. */
  close(): Promise<void>;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Starts a local AgentCore: opens the services' dependencies, creates the services and serves their
 * operations and routes. Requests are served when the promise resolves.
 */
export async function createEmulator(
  options: EmulatorOptions,
  furtherServices: readonly CreateService[] = [],
): Promise<Emulator> {
  const { host = '127.0.0.1', port = 9310, region = DEFAULT_REGION, logger = silent } = options;
  const { token = null, version = '0.0.0' } = options;
  validateOptions(options);

  // Closed in reverse order, also when a later part cannot be opened.
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    const errors: unknown[] = [];
    for (let close = closers.pop(); close; close = closers.pop()) {
      try {
        await close();
      } catch (error) {
        // The others still release the port and the data folder.
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'The emulator did not close cleanly.');
  };

  try {
    const storage = openDataFolder(options);
    closers.push(storage.close);
    const services: Service[] = [];
    closers.push(() => fold.close(services));
    const storedClock = openClock(storage, logger, options.resetClock);
    const { clock } = storedClock;
    closers.push(clock.close, storedClock.saveClock);
    const startedAt = clock.now();
    const server = await bindServer({ host, port, token });
    const { url } = server;
    const { page: openPage } = options;
    const page = openPage && createPageRoutes(() => openPage(url));
    closers.push(() => page?.close(), server.close);
    const computes = await createComputes({
      options,
      dataFolder: storage.folder,
      server,
      isStorageInUse: (id) => isSessionStorage(storage, id),
      logger,
    });
    closers.push(() => computes.close(fold.drain(services)));

    const activity = createActivityEmitter();
    const sessionUrls = createSessionUrls();
    const requireSignature = createRequireSignature({ keys: options.accessKeys, region, clock });
    const identityPolicies = createIdentityPolicies({
      sources: options.callers ?? [],
      verifiesSignatures: options.accessKeys !== undefined,
      region,
      account: ACCOUNT,
      clock,
      activity,
      logger,
    });
    const context: ServiceContext = {
      options,
      region,
      account: ACCOUNT,
      clock,
      activity,
      storage,
      logger,
      server,
      computes,
      sessionUrls,
      requireSignature,
      identityPolicies,
      services,
    };
    for (const createService of [...builtInServices, ...furtherServices]) {
      services.push(await createService(context));
    }
    identityPolicies.logHints(fold.collectConditionKeys(services));

    const handlers = fold.collectHandlers(services);
    const wire = createWire({
      handlers,
      requireSignature,
      sessionPermissions: { allowed: fold.collectSessionOperations(services) },
      errorFormat: fold.createErrorFormatter(services),
      clock,
      activity,
      logger,
    });
    const loadRoutes = async () => {
      const { createEmulatorRoutes } = await import('./admin/emulatorRoutes.ts');
      const own = { version, url, clock: storedClock, activity, computes, handlers, startedAt };
      return fold.loadAdminRoutes(services, createEmulatorRoutes(own));
    };
    // Without further services, tests show that nothing conflicts, and the start need not load zod.
    if (furtherServices.length > 0) await loadRoutes();
    const adminApi = createAdminApi({ loadRoutes, version, url, logger });
    server.serve(
      createRequestRouter({
        secretUrlRoutes: services.flatMap(({ secretUrlRoutes = [] }) => secretUrlRoutes),
        routes: [adminApi, ...(page?.routes ?? []), ...fold.collectRoutes(services)],
        wire,
        rewrite: fold.createRequestRewriter(services),
        token,
        findCaller: sessionUrls.findCaller,
        logger,
      }),
    );
    const removal = removeAbandonedFolders(logger);
    closers.push(() => removal);
    storage.announce({ type: 'ready', url, pid: process.pid });
    for (const service of services) service.start?.();

    let closing: Promise<void> | undefined;
    return {
      url,
      readClock: storedClock.read,
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await closeAll().catch((problem: AggregateError) => {
      for (const each of problem.errors as Error[]) logger.error(each.stack ?? String(each));
    });
    throw error;
  }
}

/** Opens the data folder; without one, a temporary folder that is removed when it is closed. */
function openDataFolder({ dataFolder }: EmulatorOptions) {
  const storage = openStorage(dataFolder ?? createEphemeralFolder());
  return {
    ...storage,
    async close() {
      storage.close();
      if (dataFolder === undefined) await removeFolder(storage.folder);
    },
  };
}
