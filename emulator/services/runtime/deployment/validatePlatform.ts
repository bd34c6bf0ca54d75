import { invalid } from '../../../wire/errors.ts';
import type { VersionSettings } from './records.ts';
import { refuseReserved, serverAddress } from './validatePorts.ts';

/** AWS's platforms of runtimes. A runtime without one is on V1. */
const PLATFORMS: ReadonlySet<string> = new Set(['V1', 'V2']);

/** Throws for an unknown platform, and for hooks that the platform does not have. */
export function validatePlatform(settings: VersionSettings): void {
  const { platformVersion } = settings;
  if (platformVersion !== undefined && !PLATFORMS.has(platformVersion)) {
    throw invalid(
      `Invalid request provided: platformVersion '${platformVersion}' does not exist. Use V1 or V2.`,
    );
  }
  validateWarmUp(settings);
}

/** Returns the warm-up hook's request, if there is one. */
export function getWarmUp({ hooksConfiguration }: VersionSettings) {
  return hooksConfiguration?.build?.warmup?.action?.httpPost;
}

function validateWarmUp(settings: VersionSettings): void {
  const warmUp = getWarmUp(settings);
  if (!warmUp) return;
  const member = 'hooksConfiguration.build.warmup';
  const { platformVersion = 'V1', capacityProviderConfiguration, protocolConfiguration } = settings;
  if (platformVersion === 'V1') {
    throw invalid(
      `Invalid request provided: ${member} is not supported on platformVersion V1. Set platformVersion to V2, or omit the hook.`,
    );
  }
  if (capacityProviderConfiguration) {
    throw invalid(
      `Invalid request provided: ${member} is not supported with capacityProviderConfiguration. Omit one of them.`,
    );
  }
  const server = serverAddress(protocolConfiguration);
  const { path, port = server.port } = warmUp;
  refuseReserved(`${member}.action.httpPost.port`, port);
  if (port === server.port && (path === server.path || path === '/ping')) {
    throw invalid(
      `Invalid request provided: ${member}.action.httpPost.path '${path}' is a path that the agent already serves for AgentCore Runtime. Use another path.`,
    );
  }
}
