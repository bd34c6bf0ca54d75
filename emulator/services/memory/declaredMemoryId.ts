// In a file of its own, so that the start of an emulator does not load the modules that open memories.
import { stableId } from '../../wire/newId.ts';
import type { DeclaredMemory } from '../../declaredMemory.ts';

/** Returns the name of a project's memory in the emulator. */
export function declaredMemoryName({ project, name }: DeclaredMemory): string {
  return `${project}_${name}`;
}

/** Returns the stable id of a declared memory. An imported memory of that name has another id. */
export function declaredMemoryId(declared: DeclaredMemory): string {
  return stableId(declaredMemoryName(declared), `${declared.root}\nmemory\n${declared.name}`);
}
