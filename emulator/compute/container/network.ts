import type Docker from 'dockerode';
import { isMissing, type Engine } from './engine.ts';
import { ownerLabels, type ResourceOwner } from './ownership.ts';

/** The network of an emulator's containers. */
export interface Network {
  readonly id: string;
  /** The address of the engine's machine as seen from containers. */
  readonly gateway: string | null;
}

/** The emulator's network, created on demand. */
export interface OwnNetwork {
  ensure(engine: Engine): Promise<Network>;
  /** Waits for a pending creation and prevents later ones. */
  close(): Promise<void>;
}

/**
 * Provides a network for an emulator's containers. On it, containers reach the outside and their
 * gateway but not each other, unlike on the engine's default network.
 */
export function createOwnNetwork(owner: ResourceOwner): OwnNetwork {
  let known: Docker.Network | null = null;
  let ensuring: Promise<Network> | null = null;
  let closed = false;

  async function findOrCreate({ docker }: Engine): Promise<Network> {
    // Looked up by ID, because concurrent requests can create two networks of one name.
    const found = known && (await inspect(docker.getNetwork(known.id)));
    if (found) return found;
    known = await docker.createNetwork({
      Name: `agentcore-${owner.instance}`,
      Driver: 'bridge',
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
      Labels: ownerLabels(owner),
    });
    const created = await inspect(known);
    if (!created) throw new Error('the network was removed right after its creation');
    return created;
  }

  return {
    async ensure(engine) {
      if (closed) throw new Error('the emulator was closed');
      ensuring ??= findOrCreate(engine).finally(() => (ensuring = null));
      return ensuring;
    },
    async close() {
      closed = true;
      await ensuring?.catch(() => {});
    },
  };
}

async function inspect(network: Docker.Network): Promise<Network | null> {
  try {
    const { Id, IPAM } = await network.inspect();
    return { id: Id, gateway: IPAM?.Config?.[0]?.Gateway ?? null };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
