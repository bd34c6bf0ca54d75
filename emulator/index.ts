// The public API of the emulator. Everything outside this folder imports only this file.
export { createEmulator, type Emulator } from './emulator.ts';
export type { EmulatorOptions } from './options.ts';
export type { ServedPage, PageFile, PageSocket, PageSocketName } from './admin/page.ts';
export type { Logger } from './log.ts';
export type { CallerSource } from './policy/callers.ts';
export type { ProjectAgentSource } from './agentSource.ts';
export type { AccessKey } from './wire/signature.ts';
export { OptionError } from './optionError.ts';
export { StorageError } from './storage/storage.ts';
export { ImportError } from './services/memory/transfer/lines.ts';
export { withStoredMemories } from './services/memory/storedMemories.ts';
export { platforms } from './compute/container/containerOptions.ts';
export { findPortHolder } from './compute/portHolder.ts';
export { awsQuotas, type Quotas } from './quotas.ts';
