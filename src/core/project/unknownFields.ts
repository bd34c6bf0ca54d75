/** Returns a warning for each field that is not known, because a misspelled field has no effect. */
export function unknownFields(entry: object, known: readonly string[]): string[] {
  return Object.keys(entry)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const similar = known.find((field) => field.toLowerCase() === name.toLowerCase());
      return similar === undefined
        ? `Unknown field ${name} has no effect.`
        : `Unknown field ${name} has no effect. Did you mean ${similar}?`;
    });
}
