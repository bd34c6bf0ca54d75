import {
  DEFAULT_OFFLINE_SETTINGS,
  type OfflineModelSettings,
} from '../../../../src/shared/offlineModel.ts';

/** The settings of the offline model, which users change while the emulator runs. */
export interface OfflineSettings {
  read(): OfflineModelSettings;
  /** Changes the given settings and keeps the others. */
  change(changed: Partial<OfflineModelSettings>): void;
}

export function createOfflineSettings(
  initial: Partial<OfflineModelSettings> = {},
): OfflineSettings {
  let settings: OfflineModelSettings = { ...DEFAULT_OFFLINE_SETTINGS, ...initial };
  return {
    read: () => settings,
    change(changed) {
      settings = { ...settings, ...changed };
    },
  };
}
