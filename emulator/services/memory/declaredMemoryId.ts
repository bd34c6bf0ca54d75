// By itself: with what makes memories it would be read at every start of an emulator.
import { stableId } from '../../wire/newId.ts';
import type { DeclaredMemory } from './declaredMemory.ts';

/** What a project's memory is called here. */
export function declaredMemoryName({ project, name }: DeclaredMemory): string {
  return `${project}_${name}`;
}

/** The id by which agents find it, unless one of its name came from elsewhere. */
export function declaredMemoryId(declared: DeclaredMemory): string {
  return stableId(declaredMemoryName(declared), `${declared.root}\nmemory\n${declared.name}`);
}
