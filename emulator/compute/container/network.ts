import type Docker from 'dockerode';
import { isMissing, type Engine } from './engine.ts';
import { ownerLabels, type ResourceOwner } from './ownership.ts';

/** The network of an emulator's containers. */
export interface Network {
  readonly id: string;
  /** The address of the machine that runs the engine, as its containers see it. */
  readonly gateway: string | null;
}

/** An emulator's own network, made when it is first needed. */
export interface OwnNetwork {
  ensure(engine: Engine): Promise<Network>;
  /** Resolves when none is being made any more; from now on none is. */
  close(): Promise<void>;
}

/**
 * Keeps a network for an emulator's containers. On the engine's common one a session could call
 * every other: on this one they reach the outside and their gateway, and not each other.
 */
export function createOwnNetwork(owner: ResourceOwner): OwnNetwork {
  let known: Docker.Network | null = null;
  let ensuring: Promise<Network> | null = null;
  let closed = false;

  async function lookOrMake({ docker }: Engine): Promise<Network> {
    // By its id: of one name an engine takes two networks, if both are asked for at once.
    const found = known && (await inspect(docker.getNetwork(known.id)));
    if (found) return found;
    known = await docker.createNetwork({
      Name: `agentcore-${owner.instance}`,
      Driver: 'bridge',
      Options: { 'com.docker.network.bridge.enable_icc': 'false' },
      Labels: ownerLabels(owner),
    });
    const made = await inspect(known);
    if (!made) throw new Error('the network was removed as soon as it had been made');
    return made;
  }

  return {
    async ensure(engine) {
      if (closed) throw new Error('the emulator was closed');
      ensuring ??= lookOrMake(engine).finally(() => (ensuring = null));
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
