import type { TemplateTable } from '../../../shared/payloadTemplate.ts';

/** Stores payload templates by agent. */
export interface TemplateStore {
  /** The templates at opening. */
  readonly first: TemplateTable;
  /** Replaces all templates. Failures are logged. */
  save(table: TemplateTable): void;
  /** Resolves when all writes are done. */
  settled(): Promise<void>;
}

/** A store that lasts as long as the program. */
export const inMemoryTemplates: TemplateStore = { first: {}, save() {}, settled: async () => {} };
